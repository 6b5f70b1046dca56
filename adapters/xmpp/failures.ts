import { ServerRefused } from '../../src/chat/connection-failures.ts'
import { TunnelProblem } from '../../src/net/tunnel-problem.ts'
import { SocketProblem } from '../../src/net/websocket.ts'

/** The configuration can never work; the message says why and what to write instead. */
export class XmppSetupProblem extends Error {
  override readonly name = 'XmppSetupProblem'
}

/** Something that we sent came back as an error (RFC 6120, section 8.3). */
export class StanzaRefused extends Error {
  override readonly name = 'StanzaRefused'
  /** `item-not-found` and the like. */
  readonly condition: string
  /** It may be tried again after a while. */
  readonly passing: boolean
  constructor(condition: string, type: string, words: string | undefined) {
    super(words === undefined || words === '' ? condition : `${condition} (${words})`)
    this.condition = condition
    this.passing = type === 'wait' || passingConditions.has(condition)
  }
}

/** Conditions that say nothing against what was sent, whatever the server thinks of their type. */
const passingConditions: ReadonlySet<string> = new Set([
  'internal-server-error',
  'remote-server-timeout',
  'resource-constraint',
])

const certificateAdvice =
  'Install its authority on this host, or name it in NODE_EXTRA_CA_CERTS; HUBOT_XMPP_ACCEPT_ANY_CERTIFICATE=true trusts whoever answers.'

/** What a person does about a connection that cannot be opened; undefined for what passes by itself. */
export const adviceFor = (error: unknown): string | undefined => {
  if (error instanceof ServerRefused) return error.advice
  const isCertificate = error instanceof TunnelProblem
    ? error.trouble === 'certificate'
    : error instanceof SocketProblem && /certificate|self.signed/i.test(error.message)
  return isCertificate ? certificateAdvice : undefined
}
