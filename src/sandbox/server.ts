import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import type { Bindings } from './bindings.ts'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { authenticate, tokenCookie } from './auth.ts'
import { Fault, notFound } from './fault.ts'
import { aliasExecutionRoutes } from './routes/alias-execution.ts'
import { aliasRoutes } from './routes/aliases.ts'
import { catalogRoutes } from './routes/catalog.ts'
import { executionRoutes } from './routes/executions.ts'
import { inquiryRoutes } from './routes/inquiries.ts'
import { streamRoutes, type Streams } from './routes/stream.ts'
import { tokenRoutes } from './routes/tokens.ts'
import type { World } from './world.ts'

/** What nginx says for a service that does not run. */
const unreachable = (service: string) => ({
  faultstring: `Nginx is unable to reach ${service}. Make sure service is running.`,
})

/** Where the links to executions lead: a browser sends nothing of what stands behind the `#`. */
const page = `<!doctype html>
<title>st2chatops sandbox</title>
<p>This is the sandbox of st2chatops, a stand-in StackStorm. It has no Web UI.</p>
<p>An execution is found at <code>/api/v1/executions/&lt;id&gt;</code>, with the sandbox's API key in
the header <code>St2-Api-Key</code>.</p>
`

/** The whole of StackStorm behind one port, with the paths of the stock nginx. */
export const createApp = (
  world: World,
  origin: () => string,
): { app: Hono<Bindings>; streams: Streams } => {
  const { routes: stream, streams } = streamRoutes(world)
  const api = new Hono<Bindings>({ strict: false })
    .use(async (c, next) => {
      if (world.faults.strikes('unauthorized')) throw new Fault(401, 'Unauthorized')
      const identity = authenticate(world, c.req.raw)
      await next()
      const cookie = tokenCookie(world, identity)
      if (cookie && !c.error) c.header('Set-Cookie', cookie)
    })
    .get(
      '/',
      (c) => c.json({ version: world.version, docs_url: 'http://docs.stackstorm.com/latest' }),
    )
    .route('/', aliasRoutes(world))
    .route('/', aliasExecutionRoutes(world))
    .route('/', executionRoutes(world))
    .route('/', inquiryRoutes(world))
    .route('/', catalogRoutes(world))
    .all('*', () => {
      throw notFound()
    })

  const app = new Hono<Bindings>({ strict: false })
    .use(async (c, next) => {
      await next()
      c.header('X-Request-ID', c.req.header('X-Request-ID') ?? randomUUID())
    })
    .get('/', (c) => c.html(page))
    .route('/', stream)
    .use(
      '/auth/*',
      async (c, next) =>
        world.faults.current().backendDown ? c.json(unreachable('st2auth'), 503) : await next(),
    )
    .use(
      '/api/*',
      async (c, next) =>
        world.faults.current().backendDown ? c.json(unreachable('st2api'), 503) : await next(),
    )
    .route('/auth/v1', tokenRoutes(world, origin))
    .route('/api/v1', api)
    .route('/api', api)

  app.notFound((c) => c.json({ faultstring: notFound().message }, 404))
  app.onError((error, c) => {
    if (error instanceof Fault) {
      return c.json({ faultstring: error.message }, error.status as ContentfulStatusCode)
    }
    world.log.error('The sandbox failed at a request', { path: c.req.path, error })
    return c.json({ faultstring: 'Internal Server Error' }, 500)
  })
  return { app, streams }
}
