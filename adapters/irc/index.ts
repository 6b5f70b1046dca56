import type { AdapterDefinition, Features, Limits } from '../../src/chat/adapter.ts'
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
  partsBeforeUpload: 100,
  perChannelPerSecond: 1,
}

const features: Features = {
  threads: false,
  ephemeral: false,
  private: true,
  attachments: false,
  files: false,
  edits: false,
  buttons: false,
}

/**
 * IRC: RFC 1459 with the IRCv3 extensions that tell who speaks. The client is our own: the protocol is a line of text, and what
 * matters here, a PING behind each line to know that it was taken, lines that others get whole, SASL that is never tried
 * unasked, and a first connection that is tried for ever, would all have to be built around a library; those there are cost
 * 15 MB of memory.
 */
export const irc: AdapterDefinition<typeof ircOptions> = {
  name: 'irc',
  aliases: [],
  title: 'IRC',
  options: ircOptions,
  limits,
  features,
  check: describeSetup,
  connect: async (context) => connect(context),
}
