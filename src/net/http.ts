import type { URL } from 'node:url'
import manifest from '../../package.json' with { type: 'json' }
import { timeoutError } from './deadline.ts'
import { proxyFailure, proxyFor, type ProxySettings } from './proxy.ts'
import { bunTls, type TlsTrust } from './tls.ts'

/** How one call differs from `fetch(url)`. */
export type HttpOptions = {
  readonly method?: string | undefined
  readonly headers?: Bun.HeadersInit | undefined
  readonly body?: Bun.BodyInit | null | undefined
  readonly signal?: AbortSignal | undefined
  /** A redirect is handed back, or fails: it is never followed, so that no credentials reach another host. */
  readonly redirect?: 'manual' | 'error' | undefined
  /** ms for headers and body, or for the headers alone with `stream`. Without it there is none. */
  readonly deadline?: number | undefined
  /** The body may stay open and silent for ever: the caller watches it. */
  readonly stream?: boolean | undefined
  /**
   * `false`: a connection of its own, so that the request never meets one that the server has just closed. `true`, the default: one
   * that is open already, if there is one. Either way it is sent once: Bun never repeats what has a body (a test holds it to that).
   */
  readonly keepalive?: boolean | undefined
}

/**
 * `fetch` with our proxy, TLS and deadline. Rejects as `fetch` does; with a `TimeoutError` when the
 * deadline passes, with `ProxyProblem` for a proxy that can never work, with `ProxyUnreachable` for one
 * that is away, with the signal's reason when the caller gives up. Never sends cookies.
 */
export type Http = (url: string | URL, options?: HttpOptions) => Promise<Response>

/** What holds for all calls of one `Http`. */
export type HttpSettings = {
  readonly proxy: ProxySettings
  readonly tls?: TlsTrust | undefined
}

const userAgent = `st2chatops/${manifest.version}`

/** Aborts after `ms` until it is called off. */
const headerDeadline = (ms: number) => {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(timeoutError(ms)), ms)
  return { signal: controller.signal, callOff: () => clearTimeout(timer) }
}

/** Most calls have one signal only. */
const anyOf = (signals: readonly AbortSignal[]): AbortSignal => {
  const [first, ...others] = signals
  return first !== undefined && others.length === 0 ? first : AbortSignal.any([...signals])
}

/** Makes the one way out of the process for HTTP; see `Http`. */
export const createHttp = ({ proxy, tls = {} }: HttpSettings): Http => {
  const ownTls = bunTls(tls)
  const hasProxy = [proxy.http, proxy.https, proxy.all].some((value) => value?.trim())

  return async function http(url, options = {}) {
    const { method, body, signal, redirect, deadline, stream = false, keepalive = true } = options
    const through = hasProxy ? proxyFor(url, proxy) : undefined
    const headers = new Headers(options.headers)
    if (!headers.has('user-agent')) headers.set('user-agent', userAgent)
    const limited = deadline !== undefined && stream ? headerDeadline(deadline) : undefined
    const signals = [
      signal,
      limited?.signal,
      deadline === undefined || stream ? undefined : AbortSignal.timeout(deadline),
    ].filter((one) => one !== undefined)
    try {
      return await fetch(url, {
        headers,
        redirect: redirect ?? 'manual',
        keepalive,
        // `proxyFor` has already read NO_PROXY; Bun would read the process's own once more.
        proxy: through === undefined ? false : { url: through, respectNoProxy: false },
        tls: ownTls,
        signal: anyOf(signals),
        // Bun gives up on a silent connection after 6 minutes; deadlines and watchdogs are ours.
        timeout: false,
        ...(method !== undefined && { method }),
        ...(body !== undefined && { body }),
      })
    } catch (error) {
      throw through === undefined ? error : proxyFailure(error, through)
    } finally {
      limited?.callOff()
    }
  }
}
