/**
 * The least that a bot of this kind can be: Bun, hono, a port. With `used`, after it has touched what every such bot touches: an HTTP request, a
 * database, a log line, and some code that has run often enough to be compiled. It writes by Bun's own sinks, as the bot does: Node's streams
 * would be half of its start. For `limit.ts`.
 */
import { Database } from 'bun:sqlite'
import { Hono } from 'hono'

const app = new Hono().get('/healthz', (c) => c.text('ok'))
const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: app.fetch })

const tell = (fd: 1 | 2, what: unknown): void => {
  const sink = Bun.file(fd).writer()
  sink.write(`${what}\n`)
  sink.flush()
}

const use = async (): Promise<void> => {
  await (await fetch(new URL('/healthz', server.url))).text()
  const database = new Database(':memory:')
  database.run('CREATE TABLE rows (text TEXT)')
  database.query('INSERT INTO rows (text) VALUES (?)').run('one')
  let letters = 0
  for (let at = 0; at < 20_000; at++) letters += `row ${at}`.toUpperCase().indexOf(' ')
  tell(2, letters)
}

if (process.argv[2] === 'used') await use()
tell(1, server.port)
