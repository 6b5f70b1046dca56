import type { CaseMapping } from './names.ts'

/** What a server says of itself in RPL_ISUPPORT (005), as far as it matters here. */
export type Support = {
  readonly caseMapping: CaseMapping
  /** The first characters of channels. */
  readonly channelTypes: string
  /** Signs before a channel that mean only those of a rank in it (`@#ops`). */
  readonly statusPrefixes: string
  /** Channels that one JOIN may name. */
  readonly joinTargets: number
}

/** What holds until a server says otherwise; the channel types are those that the old bot knew. */
export const unknownSupport: Support = {
  caseMapping: 'rfc1459',
  channelTypes: '#&!+.',
  statusPrefixes: '',
  joinTargets: 20,
}

const mappings: readonly string[] = ['ascii', 'rfc1459', 'rfc1459-strict']

const isMapping = (text: string): text is CaseMapping => mappings.includes(text)

/** Reads the tokens of one 005 line into what is known already. */
export const readSupport = (known: Support, tokens: readonly string[]): Support => {
  let now = known
  for (const token of tokens) {
    const [name = '', value = ''] = token.split('=', 2)
    if (name === 'CASEMAPPING') {
      now = { ...now, caseMapping: isMapping(value) ? value : 'rfc1459' }
    } else if (name === 'CHANTYPES') now = { ...now, channelTypes: value }
    else if (name === 'STATUSMSG') now = { ...now, statusPrefixes: value }
    else if (name === 'TARGMAX') {
      const limit = Number(/(?:^|,)JOIN:(\d+)/.exec(value)?.[1])
      if (limit > 0) now = { ...now, joinTargets: Math.min(limit, unknownSupport.joinTargets) }
    }
  }
  return now
}

/** Whether a name is a channel's. */
export const isChannel = (name: string, { channelTypes }: Support): boolean =>
  name !== '' && channelTypes.includes(name[0] as string)
