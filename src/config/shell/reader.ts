import type { Refuse } from './refusal.ts'

/** Where in the text the reader stands. */
type Mark = { readonly index: number; readonly line: number }

/** Hands out an env file character by character; '' is the end. */
export type Reader = {
  /** The next character, behind any line continuation (a backslash and a line break). */
  readonly peek: () => string
  /** Takes what `peek` shows. */
  readonly take: () => string
  /** Takes the very next character: inside single quotes and behind a backslash nothing continues. */
  readonly takeRaw: () => string
  /** Goes to the end of the line without looking: a comment may hold anything. */
  readonly skipComment: () => void
  /** The line of the next character, from 1. */
  readonly line: () => number
  readonly mark: () => Mark
  readonly reset: (mark: Mark) => void
}

/** A reader of `text`. Refuses carriage returns that end a line: sh would make them part of the value. */
export const createReader = (text: string, refuse: Refuse): Reader => {
  let index = 0
  let line = 1

  const takeRaw = (): string => {
    const character = text.charAt(index)
    const next = text.charAt(index + 1)
    if (character === '\r' && (next === '\n' || next === '')) {
      refuse(
        line,
        'the line ends as in Windows (CR LF), and sh makes the CR part of the value',
        "convert the file: sed -i 's/\\r$//' FILE",
      )
    }
    index += character.length
    if (character === '\n') line++
    return character
  }
  const peek = (): string => {
    while (text.charAt(index) === '\\' && text.charAt(index + 1) === '\n') {
      index += 2
      line++
    }
    return text.charAt(index)
  }
  return {
    peek,
    take: () => {
      peek()
      return takeRaw()
    },
    takeRaw,
    skipComment: () => {
      const end = text.indexOf('\n', index)
      index = end < 0 ? text.length : end
    },
    line: () => {
      peek()
      return line
    },
    mark: () => ({ index, line }),
    reset: (mark) => ({ index, line } = mark),
  }
}
