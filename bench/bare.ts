/** The least that a bot of this kind can be: Bun, hono, a port. For `limit.ts`. */
import { Hono } from 'hono'

const app = new Hono().get('/healthz', (c) => c.text('ok'))
const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: app.fetch })
process.stdout.write(`${server.port}\n`)
