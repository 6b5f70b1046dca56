/** Why the server does not let the bot into a channel. */
export type RoomRefusal = {
  /** What is said of it in a sentence: "the channel is full". */
  readonly reason: string
  readonly advice: string
  /** It may be over in a minute, without anybody's doing. */
  readonly passing: boolean
}

const key = 'Write the key behind the channel in HUBOT_IRC_ROOMS: "#name key".'
const name = 'Correct the channel in HUBOT_IRC_ROOMS.'

const lasting = (reason: string, advice: string): RoomRefusal => ({
  reason,
  advice,
  passing: false,
})
const passing = (reason: string, advice: string): RoomRefusal => ({ reason, advice, passing: true })

/** Numerics that answer a JOIN with no (modern.ircdocs.horse and the servers' own lists), with the channel as second word. */
const roomRefusals: Readonly<Record<string, RoomRefusal>> = {
  '263': passing('the server is busy', 'It is tried again.'),
  '403': lasting('there is no such channel', name),
  '405': lasting('the network allows no more channels', 'Take channels out of HUBOT_IRC_ROOMS.'),
  '407': lasting('the channel is not one but many', name),
  '437': passing('the channel cannot be joined for now', 'It is tried again.'),
  '448': lasting('there is no such channel', name),
  '470': lasting('the server leads to another channel', 'Name that one in HUBOT_IRC_ROOMS.'),
  '471': passing('the channel is full', 'Its operators can raise the limit (MODE +l).'),
  '473': lasting('the channel is for the invited', 'Its operators /invite the bot.'),
  '474': lasting('the bot is banned from the channel', 'Its operators can lift the ban (MODE -b).'),
  '475': lasting('the key of the channel is wrong or missing', key),
  '476': lasting('there is no such channel', name),
  '477': lasting(
    'the channel is for those who are logged in to services',
    'Set HUBOT_IRC_USESASL or HUBOT_IRC_NICKSERV_PASSWORD.',
  ),
  '479': lasting('there is no such channel', name),
  '480': passing('the channel takes nobody in for now', 'It is tried again.'),
  '485': lasting('the server keeps the bot out of the channel', 'See what the server says.'),
  '489': lasting('the channel is for those who use TLS', 'Set HUBOT_IRC_USESSL=true.'),
  '490': lasting('the channel is for those who use TLS', 'Set HUBOT_IRC_USESSL=true.'),
  '495': passing('the channel takes nobody back so soon after a kick', 'It is tried again.'),
  '520': lasting('the channel is for operators of the network', name),
  '609': lasting('the server keeps the bot out of the channel', 'See what the server says.'),
  '926': lasting('the network forbids the channel', name),
}

/** Refusals that name a channel and answer a message or a mode, not a JOIN. */
const ofOthers: ReadonlySet<string> = new Set(['401', '404', '442', '482'])

/** What a numeric about a channel that the bot is not in says of its JOIN; undefined for what is no refusal. */
export const roomRefusalOf = (numeric: string): RoomRefusal | undefined =>
  roomRefusals[numeric] ??
    (/^[45]\d\d$/.test(numeric) && !ofOthers.has(numeric)
      ? passing(
        `the server refuses it (${numeric})`,
        'It is tried again; see what the server says.',
      )
      : undefined)
