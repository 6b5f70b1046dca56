import type { OutgoingMessage } from './message.ts'

/**
 * One text for services without attachments: the addressee in front, then both parts of the message. StackStorm's default
 * result begins and ends with line breaks; those at the end go.
 */
export const plainText = (message: OutgoingMessage): string => {
  const prefix = message.user !== undefined && !message.whisper ? `${message.user.name}: ` : ''
  const parts = [message.pretext, message.text].filter((part) => part.trim() !== '')
  return `${prefix}${parts.join('\n')}`.trimEnd()
}

/**
 * At most `maxLength` UTF-16 units of `text` (0: all), cut at a line's end where one is near and never inside a character,
 * followed by a sentence that says so and ends with the execution's Web UI link.
 */
export const shorten = (text: string, maxLength: number, link?: string): string => {
  if (maxLength <= 0 || text.length <= maxLength) return text
  const room = text.slice(0, maxLength)
  const lineEnd = room.lastIndexOf('\n')
  const cut = lineEnd > maxLength / 2 ? room.slice(0, lineEnd) : dropHalfCharacter(room)
  const left = text.length - cut.length
  const where = link === undefined ? '' : `, all of it: ${link}`
  return `${cut.trimEnd()}\n... (${left} more characters${where})`
}

/** A cut between the two halves of a surrogate pair would leave a character that no service accepts. */
const dropHalfCharacter = (text: string): string =>
  /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text
