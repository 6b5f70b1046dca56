import { blankSet, isAscii, isBlank } from './blanks.ts'
import type { Node } from './python-regex/nodes.ts'
import { character } from './re2-set.ts'

const doubleQuotes = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033'
const singleQuotes = "'\u2018\u2019\u201a\u201b\u2032`\u00b4"

/** The run of literal characters that begins at `nodes[at]`; empty if there is none. */
export function fixedText(nodes: readonly Node[], at: number): string {
  let text = ''
  for (let index = at; index < nodes.length; index++) {
    const node = nodes[index]
    if (node?.op !== 'literal') break
    text += String.fromCodePoint(node.code)
  }
  return text
}

/** An RE2 pattern for text whose letter case, blanks and kind of quotes do not matter. */
export function forgivingText(text: string): string {
  let written = ''
  let inBlanks = false
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0
    const blank = isBlank(code)
    // U+FEFF and U+200B are no white space to Python, but chat clients put them where people see a blank.
    if (blank && !inBlanks) written += `[${blankSet}\\x{feff}\\x{200b}]+`
    if (!blank) written += forgivingCharacter(letter, code)
    inBlanks = blank
  }
  return written
}

function forgivingCharacter(letter: string, code: number): string {
  if (doubleQuotes.includes(letter)) return setOf(doubleQuotes)
  if (singleQuotes.includes(letter)) return setOf(singleQuotes)
  return `(?i:${character(code)})`
}

const setOf = (characters: string): string =>
  `[${Array.from(characters, (letter) => character(letter.codePointAt(0) ?? 0)).join('')}]`

/** A word as the index sees it: letter case and kind of quotes taken away. */
export function foldWord(word: string): string {
  const lower = word.toLowerCase()
  if (isAscii(lower)) return lower.replaceAll('`', "'")
  return Array.from(
    lower,
    (letter) => doubleQuotes.includes(letter) ? '"' : singleQuotes.includes(letter) ? "'" : letter,
  ).join('')
}
