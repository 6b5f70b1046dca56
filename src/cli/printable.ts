import { escapeUnsafe, neutralise } from '../ops/log-format.ts'

/**
 * A text of somebody else as the tools may write it on one line for a person: what would steer the terminal or break the line
 * is shown as an escape.
 */
export const printable = (text: string): string => neutralise(text)

/** The same for a text of several lines, which stay lines. */
export const printableLines = (text: string): string =>
  text.replaceAll('\r\n', '\n').split('\n')
    .map((line) => line.split('\t').map(printable).join('\t')).join('\n')

/** JSON that reads back as it was: by itself it leaves DEL, C1 and the bidirectional controls as they are. */
export const printableJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent).split('\n').map(escapeUnsafe).join('\n')
