/** RFC 1459, section 2.3: a line with its CR LF. Servers cut longer ones, or end the connection. */
export const longestLine = 512

/** A line that can be written: nothing in it ends it early, or is more than one word where one is wanted. */
export type Command = {
  readonly text: string
  /** What a log may show of it. */
  readonly shown: string
}

/** A word of a command would have been more than one, or another command. Its message does not repeat it. */
export class NotOneWord extends Error {
  override readonly name = 'NotOneWord'
}

const wordEnds = /[ \t\r\n\0]/
const lineEnds = /[\r\n\0]/g

/** Whether a text can stand as one word of a command. */
export const isWord = (text: string): boolean =>
  text !== '' && !text.startsWith(':') && !wordEnds.test(text)

/**
 * Builds one command. Whatever is in its words, it stays one line: a line end or NUL in the last one becomes a blank. Throws
 * `NotOneWord` where another word is empty, begins with a colon or holds a blank.
 */
export const command = (verb: string, ...params: readonly string[]): Command => {
  const last = params.at(-1)
  const words = params.slice(0, -1)
  if (!/^[A-Z]+$/.test(verb) || !words.every(isWord)) {
    throw new NotOneWord(`A word of ${verb} is empty, begins with a colon or holds a blank.`)
  }
  const trailing = last === undefined
    ? []
    : [isWord(last) ? last : `:${last.replace(lineEnds, ' ')}`]
  const text = [verb, ...words, ...trailing].join(' ')
  return { text, shown: text }
}

/** A command whose last words are nobody's business: the log shows only the first `open` ones. */
export const secretCommand = (
  open: number,
  verb: string,
  ...params: readonly string[]
): Command => ({
  ...command(verb, ...params),
  shown: [verb, ...params.slice(0, open), '***'].join(' '),
})

/** A line as an operator wrote it, for `HUBOT_IRC_CONNECT_COMMAND`; it may hold a password. */
export const rawCommand = (line: string): Command => {
  const text = line.replace(lineEnds, ' ').trim()
  return { text, shown: `${text.split(' ')[0]} ***` }
}
