import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Route } from '../chat/adapter.ts'
import { systemClock } from '../clock.ts'
import type { Log } from '../log.ts'
import { createBodyReader, type ReadBody } from './body-reader.ts'
import type { ConnectionStatus, Readiness } from './readiness.ts'
import { readWebhookBody } from './webhook-body.ts'
import { judgeWebhook } from './webhook-trust.ts'

/** Hubot's own limit for a body: EXPRESS_LIMIT, 100kb. */
export const longestBody = 100 * 1024

/** What is answered to a body that could not be read. */
const unread = {
  'too-long': [413, 'The body is too long.'],
  'too-slow': [408, 'The body took too long to arrive.'],
  'no-room': [503, 'Too many requests come at once. Try again.'],
  'gone': [400, 'The body is incomplete.'],
} as const satisfies Readonly<
  Record<Exclude<ReadBody['kind'], 'read'>, readonly [number, string]>
>

export type AppOptions = {
  readonly readiness: () => Readiness
  /** The metrics in Prometheus' text format. */
  readonly metrics: () => Promise<string>
  /**
   * Takes one announcement; throws an Error, whose message the sender gets to read, for one that it cannot take. Settles when it is
   * written down, and rejects, with what the bot itself has logged, when that failed.
   */
  readonly announce: (payload: unknown) => Promise<void>
  /** `ST2CHATOPS_WEBHOOK_TOKEN`; without it only this host may announce, and nobody while there are routes. */
  readonly webhookToken?: string | undefined
  /** What chat services call, by path. Looked at with each request: they come as the adapters connect. */
  readonly routes?: ReadonlyMap<string, Route>
  /** Blots secrets out of what `/readyz` tells. */
  readonly mask?: (text: string) => string
  readonly log: Log
}

/** What the server knows of a request beyond its text. */
export type Peer = { readonly peer: string | undefined }

const moment = (time: number) => new Date(time).toISOString()

/** The status with its times as people and log collectors write them. */
const tellConnection = ({ since, lastTraffic, ...rest }: ConnectionStatus) => ({
  ...rest,
  since: moment(since),
  ...(lastTraffic === undefined ? {} : { lastTraffic: moment(lastTraffic) }),
})

const tellReadiness = ({ ready, stackstorm, stream, adapters, journal }: Readiness) => ({
  ready,
  stackstorm: tellConnection(stackstorm),
  stream: tellConnection(stream),
  adapters: Object.fromEntries(
    Object.entries(adapters).map(([name, status]) => [name, tellConnection(status)]),
  ),
  journal,
})

/** The routes. */
export type App = Hono<{ Bindings: Peer }>

/** Hubot's route answered with these two keys; scripts look at them. */
const answer = (status: 'completed' | 'failed', msg: string) => ({ status, msg })

/**
 * The routes, without a socket: `/healthz` for the process, `/readyz` for the bot, `/metrics`, and
 * `POST /hubot/st2` to post an announcement as StackStorm's stream would.
 */
export const createApp = (
  { readiness, metrics, announce, webhookToken, routes, mask = (text) => text, log }: AppOptions,
): App => {
  const app: App = new Hono()

  app.get('/healthz', (context) => context.json({ status: 'ok' }))

  app.get('/readyz', (context) => {
    const told = tellReadiness(readiness())
    const blot = (_key: string, value: unknown) => typeof value === 'string' ? mask(value) : value
    return context.body(JSON.stringify(told, blot), told.ready ? 200 : 503, {
      'content-type': 'application/json',
    })
  })

  app.get('/metrics', async (context) =>
    context.body(await metrics(), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    }))

  app.post(
    '/hubot/st2',
    async (context, next) => {
      const { peer } = context.env
      const exposed = routes !== undefined && routes.size > 0
      const { headers } = context.req.raw
      const trust = judgeWebhook({ headers, peer, exposed }, webhookToken)
      if (trust.trusted) return await next()
      log.warn('Refused an announcement over HTTP.', { peer, reason: trust.reason })
      return context.json(answer('failed', trust.reason), trust.status)
    },
    bodyLimit({
      maxSize: longestBody,
      onError: (context) =>
        context.json(
          answer('failed', 'The body is longer than 100 kB. Send a shorter message.'),
          413,
        ),
    }),
    async (context) => {
      const body = await context.req.text()
      const refuse = (error: unknown): string => {
        const reason = error instanceof Error ? error.message : String(error)
        log.warn('Could not take an announcement over HTTP.', { peer: context.env.peer, reason })
        return reason
      }
      let written: Promise<void>
      try {
        written = announce(readWebhookBody(body, context.req.header('content-type')))
      } catch (error) {
        return context.json(answer('failed', mask(refuse(error))), 400)
      }
      try {
        await written
      } catch (error) {
        refuse(error)
        return context.json(answer('failed', 'The bot could not take it; its log says why.'), 500)
      }
      return context.json(answer('completed', 'Message posted successfully'))
    },
  )

  const readBodyOf = createBodyReader({ clock: systemClock })

  app.post('*', async (context, next) => {
    const route = routes?.get(context.req.path)
    if (route === undefined) return await next()
    const { raw } = context.req
    const refusal = route.refuse?.(raw.headers)
    if (refusal !== undefined) return refusal
    const read = await readBodyOf(raw, route.longest)
    if (read.kind === 'read') return await route.answer(new Request(raw, { body: read.body }))
    log.debug('A request of a chat service had no body that could be read.', {
      path: context.req.path,
      reason: read.kind,
    })
    const [status, error] = unread[read.kind]
    return context.json({ error }, status, { connection: 'close' })
  })

  app.notFound((context) =>
    context.json({
      error: 'Not found. Here are: GET /healthz, GET /readyz, GET /metrics, POST /hubot/st2.',
    }, 404)
  )

  app.onError((error, context) => {
    if (error.name === 'AbortError' && context.req.raw.signal.aborted) {
      log.debug('Whoever sent an HTTP request did not wait for its end.', {
        path: context.req.path,
      })
      return context.json({ error: 'The body is incomplete.' }, 400)
    }
    log.error('An HTTP request failed.', { path: context.req.path, error })
    return context.json({ error: 'The bot could not answer; its log says why.' }, 500)
  })

  return app
}
