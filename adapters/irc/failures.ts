import { ConnectionLost, ServerRefused } from '../../src/chat/connection-failures.ts'
import { TunnelProblem } from '../../src/net/tunnel-problem.ts'
import { ProxyProblem } from '../../src/net/proxy.ts'

/** There was no connection at all. */
const notConnected = /REFUSED|NOTFOUND|AGAIN|UNREACH|TIMEDOUT/

/** Why a server that takes connections speaks no IRC, or no TLS, with what is wrong most often. */
export const withoutAnswer = (error: unknown, port: number): unknown => {
  const isAway = error instanceof TunnelProblem &&
    (error.trouble !== 'connection' || notConnected.test(error.code))
  if (isAway || !(error instanceof TunnelProblem || error instanceof ConnectionLost)) return error
  return new ConnectionLost(`${error.message}. Is HUBOT_IRC_USESSL right for port ${port}?`, {
    cause: error,
  })
}

/** The variables can never work together; the message says why and what to write instead. */
export class IrcSetupProblem extends Error {
  override readonly name = 'IrcSetupProblem'
}

const certificateAdvice =
  "Add the authority of the server's certificate with NODE_EXTRA_CA_CERTS, or set HUBOT_IRC_SERVER_FAKE_SSL=true (self-signed) or HUBOT_IRC_SERVER_CERT_EXPIRED=true (expired)."

/** What a person must put right before a connection can come about; undefined for what passes by itself. */
export const adviceFor = (error: unknown): string | undefined => {
  if (error instanceof ServerRefused) return error.advice
  if (error instanceof ProxyProblem) return 'Correct the proxy variables.'
  if (!(error instanceof TunnelProblem)) return undefined
  if (error.trouble === 'certificate') return certificateAdvice
  // A proxy that is away, or whose own way is, comes back by itself.
  const wantsPassword = error.trouble === 'proxy' && /\(407\)|authentication/i.test(error.message)
  return wantsPassword ? "Check the proxy's user and password." : undefined
}
