import { ProxyProblem, ProxyUnreachable } from '../net/proxy.ts'
import { type StackStormError, StackStormUnclear, StackStormUnreachable } from './errors.ts'

/** Where a request was going, in words for an error message. */
export type Target = {
  /** `API`, `auth service`, `event stream`. */
  readonly service: string
  readonly url: string
  /** The variable that holds the address. */
  readonly variable: string
  /** ms that it had for its answer. */
  readonly deadline?: number
}

/** Scheme, host and port; no path, no query, no user. */
const place = ({ service, url }: Target): string =>
  `StackStorm's ${service} at ${new URL(url).origin}`

/** What Bun's fetch says when no connection came about: nothing was sent then. */
const notConnected: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ConnectionRefused: 'the connection was refused',
  FailedToOpenSocket: 'no connection could be opened',
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'the name server does not answer',
  EAI_FAIL: 'the name server failed',
  ENETUNREACH: 'there is no way into its network',
  EHOSTUNREACH: 'there is no way to its host',
}

const isTls = (code: string): boolean =>
  /CERT|SELF_SIGNED|ISSUER|ALTNAME|HOSTNAME_MISMATCH|ERR_TLS|ERR_SSL|^EPROTO$/.test(code)

const text = (value: unknown): string => typeof value === 'string' ? value : ''

const property = (error: unknown, name: 'code' | 'message' | 'name'): string =>
  typeof error === 'object' && error !== null && name in error
    ? text((error as Readonly<Record<string, unknown>>)[name])
    : ''

/** The reason that a TLS connection failed, and the way out. */
const tlsReason = (target: Target, code: string, message: string): string => {
  if (code === 'EPROTO') {
    return `${
      place(target)
    } does not speak TLS: check the port in ${target.variable}, or write http://.`
  }
  return `The certificate of ${place(target)} is not accepted (${message || code}). ` +
    'Put the certificate of its authority into a file and name that in NODE_EXTRA_CA_CERTS. ' +
    'NODE_TLS_REJECT_UNAUTHORIZED=0 switches the check off, for StackStorm only.'
}

/**
 * Sorts what fetch rejected with: no connection, so nothing was sent (`StackStormUnreachable`), or
 * something was sent and the outcome is not known (`StackStormUnclear`).
 */
export const connectionFailure = (
  error: unknown,
  target: Target,
  requestId: string,
): StackStormError => {
  const details = { requestId, cause: error }
  const code = property(error, 'code')
  const message = property(error, 'message')
  const unreachable = (reason: string) => new StackStormUnreachable(reason, details)
  if (error instanceof ProxyProblem) return unreachable(error.message)
  if (error instanceof ProxyUnreachable) {
    return unreachable(`${place(target)} cannot be reached: ${message}`)
  }
  if (code === 'ERR_PROXY_TUNNEL') {
    const hint = message.includes('407')
      ? 'put user and password into HTTPS_PROXY'
      : 'ask who runs the proxy, or add the host to NO_PROXY'
    return unreachable(`${place(target)} cannot be reached. ${message}: ${hint}.`)
  }
  if (isTls(code)) return unreachable(tlsReason(target, code, message))
  const why = Object.hasOwn(notConnected, code) ? notConnected[code] : undefined
  if (why !== undefined) {
    return unreachable(
      `${place(target)} cannot be reached: ${why}. Check that it runs, and ${target.variable}.`,
    )
  }
  const { deadline } = target
  const within = deadline === undefined ? 'in time' : `within ${deadline / 1000} s`
  const what = property(error, 'name') === 'TimeoutError'
    ? `gave no answer ${within}`
    : 'closed the connection before its answer was complete'
  return new StackStormUnclear(`${place(target)} ${what}.`, details)
}
