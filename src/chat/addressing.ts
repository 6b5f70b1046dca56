import type { ChatMessage } from './message.ts'

/** A text that was meant for the bot. */
export type Addressed = {
  /** What is left when the addressee is taken off; never blank. */
  readonly text: string
  /** The whole text, where a direct message began with a word that may be an addressee or the command itself. */
  readonly whole?: string
  /**
   * Whether it is certain that the bot was meant. "hubots are great" is a command of the bot "hubot" for those
   * who have always typed it without a blank, but nobody wants an answer to it when no alias fits.
   */
  readonly certain: boolean
}

const whiteSpace = /\s/
const wordCharacter = /[\p{L}\p{N}_]/u

/** ASCII never meets the regular expression, whose tables take half a millisecond to build. */
const isWordCharacter = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  if (code >= 0x80) return wordCharacter.test(text[at] as string)
  const letter = code | 0x20
  return (letter >= 0x61 && letter <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f
}

/** By code of ASCII: 1 for what a message to one of the addressees, in lower case, may begin with. */
const beginningsOf = (addressees: readonly string[]): Uint8Array => {
  const beginnings = new Uint8Array(0x80).fill(1, 0, 0x21)
  for (const first of ['@', ...addressees.map((name) => name[0] as string)]) {
    beginnings[first.charCodeAt(0)] = 1
    beginnings[first.toUpperCase().charCodeAt(0)] = 1
  }
  return beginnings
}

/** Every message of every channel begins here: letters and digits never meet the regular expression. */
const isBlank = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  return code <= 0x20 || code >= 0x80 ? whiteSpace.test(text[at] as string) : false
}

const skipBlanks = (text: string, from: number): number => {
  let at = from
  while (at < text.length && isBlank(text, at)) at++
  return at
}

/**
 * Makes the test whether a message is for the bot, with Hubot's meaning: blanks, an optional `@`, one of the names
 * in any letter case, an optional `:` or `,`, blanks, and at least one character of command. Longer names are tried first.
 * A native mention needs no name, nor does a direct message, which accepts one.
 * Costs a look at the first character for nearly every text that is for nobody.
 *
 * @param names the bot's name, its alias such as `!`, and what the service calls it; empty ones are dropped
 */
export const createAddressing = (
  names: readonly string[],
): (message: ChatMessage) => Addressed | undefined => {
  const addressees = [...new Set(names.map((name) => name.toLowerCase()))]
    .filter((name) => name !== '')
    .sort((a, b) => b.length - a.length)
  const beginnings = beginningsOf(addressees)

  /** Where the command begins behind an addressee at the text's start, or -1. */
  const behindAddressee = (text: string): { start: number; certain: boolean } | undefined => {
    let at = skipBlanks(text, 0)
    if (text[at] === '@') at++
    for (const name of addressees) {
      if (!startsWith(text, at, name)) continue
      const end = at + name.length
      const glued = isWordCharacter(text, end) && isWordCharacter(name, name.length - 1)
      const mark = text[end] === ':' || text[end] === ',' ? end + 1 : end
      return { start: skipBlanks(text, mark), certain: !glued }
    }
    return undefined
  }

  return function addressed(message) {
    const { text } = message
    const isMeant = message.direct || message.mentioned
    // Beyond ASCII the table says nothing.
    if (!isMeant && beginnings[text.charCodeAt(0)] === 0) return undefined
    const found = behindAddressee(text)
    if (isMeant) {
      const whole = text.slice(skipMark(text)).trim()
      if (whole === '') return undefined
      if (!found?.certain) return { text: whole, certain: true }
      const rest = text.slice(found.start)
      return rest.trim() === '' ? undefined : { text: rest, whole, certain: true }
    }
    if (found === undefined) return undefined
    const rest = text.slice(found.start)
    return rest.trim() === '' ? undefined : { text: rest, certain: found.certain }
  }
}

/** A native mention was taken out of "@bot: help"; its `:` may be left over. */
const skipMark = (text: string): number => {
  const at = skipBlanks(text, 0)
  return text[at] === ':' || text[at] === ',' ? at + 1 : at
}

/** Whether `name`, in lower case, stands at `at`, in any letter case. Looks at the first character before it allocates. */
const startsWith = (text: string, at: number, name: string): boolean => {
  const first = text[at]
  if (first === undefined || (first !== name[0] && first.toLowerCase() !== name[0])) return false
  return text.slice(at, at + name.length).toLowerCase() === name
}
