/** Who sent a line: a person (`nick!user@host`) or a server, whose name stands in `nick`. */
export type Source = {
  readonly nick: string
  readonly user?: string
  readonly host?: string
}

/** One line of the server, taken apart. */
export type IrcLine = {
  /** IRCv3 message tags; values are unescaped. */
  readonly tags: Readonly<Record<string, string>>
  readonly source: Source | undefined
  /** In upper case: `PRIVMSG`, `001`. */
  readonly command: string
  readonly params: readonly string[]
}

/** ircv3.net/specs/extensions/message-tags: what stands behind a backslash. */
const escapes: Readonly<Record<string, string>> = {
  ':': ';',
  s: ' ',
  r: '\r',
  n: '\n',
  '\\': '\\',
}

const unescape = (value: string): string =>
  value.replace(/\\(.?)/gs, (_, letter: string) => escapes[letter] ?? letter)

const readTags = (text: string): Readonly<Record<string, string>> => {
  const tags: Record<string, string> = Object.create(null)
  for (const tag of text.split(';')) {
    const at = tag.indexOf('=')
    const key = at < 0 ? tag : tag.slice(0, at)
    if (key !== '') tags[key] = at < 0 ? '' : unescape(tag.slice(at + 1))
  }
  return tags
}

const readSource = (text: string): Source => {
  const [, nick = text, user, host] = /^([^!@]+)(?:!([^@]*))?(?:@(.*))?$/.exec(text) ?? []
  return { nick, ...(user !== undefined && { user }), ...(host !== undefined && { host }) }
}

/** What a log may show of a line: the modes of a channel hold its key (MODE, RPL_CHANNELMODEIS). */
export const shownLine = (text: string, { source, command, params }: IrcLine): string => {
  const words = command === 'MODE' ? 2 : command === '324' ? 3 : Infinity
  if (params.length <= words) return text
  const shown = [command, ...params.slice(0, words), '***'].join(' ')
  return source === undefined ? shown : `:${source.nick} ${shown}`
}

/** Takes what stands before the next blanks off the front. */
const takeWord = (text: string): readonly [word: string, rest: string] => {
  const at = text.indexOf(' ')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at).replace(/^ +/, '')]
}

/** Reads one line without its line end (modern.ircdocs.horse, "Message Format"); undefined for what is no message. */
export const parseLine = (line: string): IrcLine | undefined => {
  let rest = line
  let word: string
  let tags: IrcLine['tags'] = {}
  let source: Source | undefined
  if (rest.startsWith('@')) {
    ;[word, rest] = takeWord(rest)
    tags = readTags(word.slice(1))
  }
  rest = rest.replace(/^ +/, '')
  if (rest.startsWith(':')) {
    ;[word, rest] = takeWord(rest)
    source = readSource(word.slice(1))
  }
  const [command, behind] = takeWord(rest)
  if (!/^(?:[A-Za-z]+|\d{3})$/.test(command)) return undefined
  const params: string[] = []
  for (rest = behind; rest !== '';) {
    if (rest.startsWith(':')) {
      params.push(rest.slice(1))
      break
    }
    ;[word, rest] = takeWord(rest)
    params.push(word)
  }
  return { tags, source, command: command.toUpperCase(), params }
}
