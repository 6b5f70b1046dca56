import type { Part, Word } from './syntax.ts'

/** Collects the parts of a word and knows where a `~` would mean the home folder. */
export type Parts = {
  readonly colonTilde: boolean
  /** A character that was quoted or escaped. */
  readonly text: (text: string) => void
  /** A character as it stands. */
  readonly literal: (character: string) => void
  readonly add: (part: Part) => void
  /** Quotes were here, even if nothing was between them. */
  readonly quoted: () => void
  /** sh looks for `~` at the start of a word and, in assignments, behind an unquoted colon. */
  readonly mayBeHome: () => boolean
  readonly done: () => Word
}

export const createParts = (colonTilde: boolean): Parts => {
  const parts: Part[] = []
  let collected = ''
  let home = true
  const flush = () => {
    if (collected !== '') parts.push({ kind: 'text', text: collected })
    collected = ''
  }
  const text = (more: string) => {
    collected += more
    home = false
  }
  return {
    colonTilde,
    text,
    literal: (character) => {
      text(character)
      home = colonTilde && character === ':'
    },
    add: (part) => {
      if (part.kind === 'text') return text(part.text)
      flush()
      parts.push(part)
      home = false
    },
    quoted: () => {
      home = false
    },
    mayBeHome: () => home,
    done: () => {
      flush()
      return parts
    },
  }
}
