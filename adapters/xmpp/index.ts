import type { AdapterDefinition, Limits } from '../../src/chat/adapter.ts'
import { textFeatures } from '../../src/chat/text-features.ts'
import { connect } from './connection.ts'
import { xmppOptions } from './options.ts'
import { describeSetup } from './setup.ts'

const limits: Limits = {
  // RFC 6120, section 13.12: every server takes stanzas of 10,000 bytes; prosody takes 256 KiB, ejabberd 64. Half of the
  // least is left for what XML makes longer (`&` becomes five bytes).
  textUnits: 4_000,
  unit: 'bytes',
  // Nothing can be uploaded, and the link to the Web UI may be of no use to everybody: 40 kB are readable in a room.
  partsBeforeUpload: 10,
  // No server counts messages; prosody's Debian package and ejabberd slow a client down to some 10 kB and 3 kB a second.
  perChannelPerSecond: 2,
}

/**
 * XMPP (Jabber): RFC 6120 and 6121, over TCP or WebSocket, with rooms (XEP-0045) and stream management (XEP-0198).
 *
 * The XML is the library's (@xmpp/xml); the session is our own, and not that of @xmpp/client (0.14.0), in which, as it was
 * run, SCRAM-SHA-1 is the best mechanism and the server's proof is kept and never compared, so that whoever answers
 * `success` is believed; each piece of TCP is decoded alone, which destroys characters that lie across two; there is no way
 * in for a proxy or for options of TLS; what it sends again after a resumption carries a `delay`, which readers take for
 * history; and a stanza from "@" throws out of the socket's handler.
 */
export const xmpp: AdapterDefinition<typeof xmppOptions> = {
  name: 'xmpp',
  aliases: ['jabber'],
  title: 'XMPP',
  options: xmppOptions,
  limits,
  features: textFeatures,
  check: describeSetup,
  connect: async (context) => connect(context, { limits, features: textFeatures }),
}
