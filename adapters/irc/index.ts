import type { AdapterDefinition, Limits } from '../../src/chat/adapter.ts'
import { textFeatures } from '../../src/chat/text-features.ts'
import { mostLines } from './compose.ts'
import { connect } from './connection.ts'
import { ircOptions } from './options.ts'
import { roomFor } from './outbound.ts'
import { describeSetup } from './setup.ts'

/** For a channel of usual length; the room on a line depends on its name. */
const textUnits = roomFor('#some-channel', { nick: 'hubot', user: 'nodebot' })

/** RFC 1459, sections 2.3 and 8.10; the queue of the connection keeps the pace, for all channels together. */
const limits: Limits = {
  textUnits,
  unit: 'bytes',
  partsBeforeUpload: mostLines,
  perChannelPerSecond: 1,
}

/**
 * IRC: RFC 1459 with the IRCv3 extensions that tell who speaks. The client is our own: a library costs 15 MB of memory, logs in
 * by SASL unasked and gives a first connection up, and what matters here it does not have: lines that count when the server has
 * answered the PING behind them.
 */
export const irc: AdapterDefinition<typeof ircOptions> = {
  name: 'irc',
  aliases: [],
  title: 'IRC',
  options: ircOptions,
  limits,
  features: textFeatures,
  check: describeSetup,
  connect: async (context) => connect(context),
}
