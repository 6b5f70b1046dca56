import * as v from 'valibot'
import type { Clock } from '../clock.ts'
import type { Credentials } from '../config/credentials.ts'
import type { Endpoints } from '../config/endpoints.ts'
import type { Log } from '../log.ts'
import type { Http } from '../net/http.ts'
import { faultOf, firstLine, readJson, readList, unreadable } from './answers.ts'
import { createAuth } from './auth.ts'
import { createAuthorised } from './authorised.ts'
import { createCatchUpQueries } from './catch-up.ts'
import { StackStormRefused } from './errors.ts'
import { type Answer, exchange, type Question } from './exchange.ts'
import { findByCorrelation } from './find-execution.ts'
import { createHealth } from './health.ts'
import { type Page, readAll } from './pages.ts'
import {
  aliasExecutionSchema,
  executionSchema,
  identitySchema,
  ruleSchema,
  versionSchema,
} from './schema.ts'
import { createServerTime } from './server-time.ts'
import { createFollow, type StreamTimings } from './stream.ts'
import type { StackStorm } from './types.ts'

export type { Credentials } from '../config/credentials.ts'
export type { Endpoints } from '../config/endpoints.ts'
export type { Execution } from './schema.ts'
export type * from './types.ts'

export type StackStormOptions = {
  readonly endpoints: Endpoints
  readonly credentials: Credentials
  readonly http: Http
  readonly clock: Clock
  readonly log: Log
  /** ms for one request to API or auth service; nginx itself gives up on StackStorm after 90 s. */
  readonly deadline?: number
  readonly stream?: StreamTimings
}

/** A person waits for the answer: longer than this is as good as none. */
const usualDeadline = 30_000

/**
 * For so many ms after an answer a connection is taken to be open still. A server that closes idle ones waits longer: gunicorn 2 s,
 * Apache 5 s, nginx 75 s. A request that meets a closing connection is never sent twice, but its outcome is in
 * doubt; a command that is typed once in a while never takes that chance.
 */
const connectionLives = 1_000

/** Makes of an answer's text what is asked for; undefined: that is not in it. */
type Read<Document> = (text: string) => Document | undefined

type Request = Pick<Question, 'method' | 'signal' | 'body'> & {
  /** Below `/v1/`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
}

/** Reads the total out of `X-Total-Count`; undefined when it is not a number. */
const totalOf = (headers: Headers): number | undefined => {
  const text = headers.get('x-total-count')
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined
}

/** The client of one StackStorm. Sends nothing until it is asked to. */
export const createStackStorm = (options: StackStormOptions): StackStorm => {
  const { endpoints, credentials, http, clock, log, deadline = usualDeadline } = options
  const health = createHealth({ clock, log })
  const serverTime = createServerTime(clock)
  const auth = createAuth({ url: endpoints.auth, credentials, http, clock, log, deadline })
  const authorised = createAuthorised(auth, health)
  const target = { service: 'API', variable: 'ST2_API_URL' }
  const executionLink = (id: string): string =>
    `${endpoints.webui}/#/history/${encodeURIComponent(id)}/general`

  let answeredAt = -Infinity

  const request = async <Document>(
    { path, query, signal, ...rest }: Request,
    read: Read<Document>,
  ): Promise<Answer<Document>> => {
    const search = query === undefined ? '' : `?${new URLSearchParams(query)}`
    const url = `${endpoints.api}/v1/${path}${search}`
    try {
      const answer = await authorised(
        (headers) => {
          const kept = rest.method === 'GET' || clock.monotonic() - answeredAt < connectionLives
          const question = { ...target, ...rest, url, headers, signal, deadline, kept }
          return exchange(http, question, read)
        },
        signal,
      )
      answeredAt = clock.monotonic()
      health.answered()
      serverTime.seen(answer.headers)
      return answer
    } catch (error) {
      if (error instanceof Error && !signal.aborted) health.failed(error)
      throw error
    }
  }

  /** A 2xx with a document of another shape is no answer: what it did is not known. */
  const read = <Schema extends v.GenericSchema>(
    schema: Schema,
    { status, document, requestId }: Answer,
  ): v.InferOutput<Schema> => {
    const result = v.safeParse(schema, document)
    if (result.success) return result.output
    throw unreadable(status, { ...target, url: endpoints.api }, requestId)
  }

  const get = async <Schema extends v.GenericSchema>(
    schema: Schema,
    path: string,
    signal: AbortSignal,
  ): Promise<v.InferOutput<Schema>> =>
    read(schema, await request({ method: 'GET', path, signal }, readJson))

  const list = (
    path: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
    read: Read<readonly unknown[]> = readList,
  ) =>
  async (limit: number, offset: number): Promise<Page> => {
    const paged = { ...query, limit: String(limit), offset: String(offset) }
    const answer = await request({ method: 'GET', path, query: paged, signal }, read)
    return { documents: answer.document, total: totalOf(answer.headers) }
  }

  return {
    aliases: (signal, read) => readAll(list('actionalias', {}, signal, read)),

    executeAlias: async (asked, signal) => {
      const body = {
        name: asked.name,
        format: asked.format,
        command: asked.command,
        user: asked.user,
        'source_channel': asked.channel,
        'notification_route': asked.route,
        'source_context': { ...asked.context, correlation: asked.correlation },
      }
      const asking = { method: 'POST', path: 'aliasexecution', body, signal } as const
      const answer = await request(asking, readJson)
      const { execution, actionalias, message, extra } = read(aliasExecutionSchema, answer)
      if (typeof extra === 'string') {
        log.warn('StackStorm could not render ack.extra of an alias.', {
          alias: asked.name,
          reason: firstLine(extra),
        })
      }
      return {
        id: execution.id,
        link: executionLink(execution.id),
        alias: actionalias,
        ...(message !== undefined && { message }),
        ...(typeof extra === 'object' && { extra }),
      }
    },

    findExecution: (correlation, since, signal) =>
      findByCorrelation((query) => list('executions', query, signal), correlation, since),

    execution: (id, signal) => get(executionSchema, `executions/${encodeURIComponent(id)}`, signal),

    cancel: async (id, signal) => {
      // Anything else is no id; StackStorm would take `last` for one.
      if (!/^[0-9a-f]{24}$/i.test(id)) return { kind: 'unknown-id' }
      try {
        const asking = { method: 'DELETE', path: `executions/${id}`, signal } as const
        const answer = await request(asking, readJson)
        const fault = faultOf(answer.document)
        if (fault !== undefined) return { kind: 'refused', reason: firstLine(fault) }
        const { status } = read(executionSchema, answer)
        return { kind: status === 'canceled' ? 'canceled' : 'canceling' }
      } catch (error) {
        if (error instanceof StackStormRefused && error.status === 404) {
          return { kind: 'unknown-id' }
        }
        throw error
      }
    },

    version: async (signal) => (await get(versionSchema, '', signal)).version,

    whoami: async (signal) => {
      const { username, authentication, rbac } = await get(identitySchema, 'user', signal)
      return {
        username,
        method: authentication.method,
        expires: authentication['token_expire'],
        rbac: rbac.enabled,
        admin: rbac['is_admin'] ?? !rbac.enabled,
      }
    },

    rule: async (ref, signal) => {
      try {
        const found = await get(ruleSchema, `rules/${encodeURIComponent(ref)}`, signal)
        const criterion = v.safeParse(
          v.object({ pattern: v.string() }),
          found.criteria['trigger.route'],
        )
        return {
          ref: found.ref,
          enabled: found.enabled,
          action: found.action.ref,
          route: criterion.success ? criterion.output.pattern : undefined,
          passesContext: 'context' in found.action.parameters,
        }
      } catch (error) {
        if (error instanceof StackStormRefused && error.status === 404) return undefined
        throw error
      }
    },

    follow: createFollow({
      url: endpoints.stream,
      http,
      authorised,
      clock,
      log,
      timings: options.stream,
    }),

    catchUp: createCatchUpQueries({
      list: (query, signal) => list('executions', query, signal),
      log,
    }),

    health: health.view,
    serverTime: serverTime.now,
    executionLink,
  }
}
