import { plainText } from '../../src/chat/plain.ts'
import type { OutgoingMessage } from '../../src/chat/message.ts'
import { wrap } from './wrap.ts'

/** A result of more lines floods a channel for two minutes: with a link to all of it, it ends there. */
export const mostLines = 100

/** Escape sequences of terminals. */
// deno-lint-ignore no-control-regex
const terminal = /\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g
/**
 * Everything that is no text and none of IRC's own marks (bold, colour and the like, which authors of results may use): a 01
 * would make a request to other people's clients of a result.
 */
// deno-lint-ignore no-control-regex
const controls = /[\x00\x01\x05-\x08\x0b\x0c\x0e\x10\x12-\x15\x17-\x1c\x7f]/g
const tab = '    '

/** Stars stand around words here; those in the paths of a glob stay what they are. */
const bold = /(^|[\s(])\*\*([^*\s](?:[^*]*[^*\s])?)\*\*(?=$|[\s.,:;!?)])/g

/** A line of markdown as IRC shows text. */
const dress = (line: string): string => line.replace(bold, '$1\x02$2\x02')

const undress = (text: string): readonly string[] => {
  let inCode = false
  return text.split(/\r\n|\r|\n/).flatMap((line) => {
    const clean = line.replace(terminal, '').replace(controls, '').replaceAll('\t', tab).trimEnd()
    if (/^\s*```/.test(clean)) {
      inCode = !inCode
      // "```text```" on one line is text.
      const inside = clean.trim().replace(/^```/, '')
      if (!inside.endsWith('```')) return []
      inCode = false
      return [inside.slice(0, -3)]
    }
    return [inCode ? clean : dress(clean)]
  })
}

/**
 * A message as the lines that IRC takes, each of at most `room` bytes; empty ones are dropped, long ones go on in the next.
 */
export const compose = (message: OutgoingMessage, room: number): readonly string[] => {
  // StackStorm's default result begins with a line break: whom it is for stands before its first words.
  const body = { ...message, text: message.text.replace(/^\s*\n/, '') }
  const lines = undress(plainText(body))
    .filter((line) => line.trim() !== '')
    .flatMap((line) => wrap(line, room))
  const { link } = message
  if (lines.length <= mostLines || link === undefined) return lines
  const left = lines.length - mostLines + 1
  return [
    ...lines.slice(0, mostLines - 1),
    ...wrap(`... (${left} more lines, all of it: ${link})`, room),
  ]
}
