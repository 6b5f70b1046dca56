import { createHash, timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import type { Bindings } from '../bindings.ts'
import * as v from 'valibot'
import { Fault } from '../fault.ts'
import { FaultOrder } from '../faults.ts'
import type { Json } from '../model.ts'
import { readBody } from '../request-body.ts'

/** What tests in another process can do to the sandbox. */
export type Control = {
  /** Who orders shows it, as the API's users do. */
  readonly apiKey: string
  readonly state: () => Json
  readonly orderFaults: (order: FaultOrder) => void
  readonly clearFaults: () => void
  readonly closeStreams: () => void
  readonly announce: (payload: Json, route: string, trace: Json | null) => Promise<void>
  readonly setAliases: (documents: readonly Json[]) => void
}

const object = v.record(v.string(), v.unknown())

const Announcement = v.strictObject({
  payload: object,
  route: v.optional(v.string(), 'chatops'),
  trace: v.optional(v.nullable(object), null),
})

const Order = v.strictObject({
  ...FaultOrder.entries,
  /** Ends every open stream now. */
  closeStreams: v.optional(v.boolean()),
  /** Forgets all faults first. */
  clear: v.optional(v.boolean()),
})

const read = async <Output>(
  request: Request,
  schema: v.GenericSchema<unknown, Output>,
): Promise<Output> => {
  const result = v.safeParse(schema, await readBody(request))
  if (result.success) return result.output
  const [issue] = result.issues
  throw new Fault(400, `${v.getDotPath(issue) ?? 'The body'}: ${issue.message}`)
}

const loopback = /^(::1|127\.|::ffff:127\.)/

/** A page that made its name point here would come with that name. */
const ownName = /^(localhost|127\.[\d.]+|\[::1\])(:\d+)?$/

const digest = (text: string): Uint8Array => createHash('sha256').update(text).digest()

/**
 * `/sandbox/...`: faults, announcements and aliases by order of a test. Answers loopback alone, and
 * only JSON, which no web page can send here unasked; and only who has the API key, as an alias may run
 * commands of this host: its other users are to run none in the name of who tries the bot.
 */
export const controlRoutes = (control: Control): Hono<Bindings> => {
  const key = digest(control.apiKey)
  return new Hono<Bindings>({ strict: false })
    .use(async (c, next) => {
      const address = c.env.server?.requestIP(c.req.raw)?.address ?? ''
      const json = c.req.header('Content-Type')?.startsWith('application/json')
      const named = ownName.test(c.req.header('Host') ?? '')
      if (!named || !loopback.test(address) || (c.req.method !== 'GET' && !json)) {
        return c.json({ faultstring: 'Only JSON, and only from this machine.' }, 403)
      }
      if (!timingSafeEqual(digest(c.req.header('St2-Api-Key') ?? ''), key)) {
        return c.json({ faultstring: "Send the sandbox's API key in the header St2-Api-Key." }, 401)
      }
      await next()
    })
    .get('/', (c) => c.json(control.state()))
    .post('/faults', async (c) => {
      const { closeStreams, clear, ...faults } = await read(c.req.raw, Order)
      if (clear) control.clearFaults()
      control.orderFaults(faults)
      if (closeStreams) control.closeStreams()
      return c.json(control.state())
    })
    .post('/announce', async (c) => {
      const { payload, route, trace } = await read(c.req.raw, Announcement)
      await control.announce(payload, route, trace)
      return c.json({ announced: route })
    })
    .put('/aliases', async (c) => {
      control.setAliases(await read(c.req.raw, v.array(object)))
      return c.json(control.state())
    })
}
