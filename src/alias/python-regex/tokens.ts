/**
 * A pattern that Python's `re` refuses. `message` is Python's own text, position included; the server answers
 * 500 for such a pattern.
 */
export class PatternError extends Error {
  override readonly name = 'PatternError'
  /** Python's text without the position. */
  readonly reason: string

  /** `position` counts characters; undefined where Python names none. */
  constructor(reason: string, pattern: readonly string[], position: number | undefined) {
    super(position === undefined ? reason : `${reason} at position ${place(pattern, position)}`)
    this.reason = reason
  }
}

function place(pattern: readonly string[], position: number): string {
  if (!pattern.includes('\n')) return String(position)
  const before = pattern.slice(0, Math.max(position, 0))
  const line = before.filter((character) => character === '\n').length + 1
  return `${position} (line ${line}, column ${position - before.lastIndexOf('\n')})`
}

/** Reads a pattern one token at a time: a character, or a backslash with the character behind it. */
export class Tokens {
  readonly #pattern: readonly string[]
  #index = 0
  #next: string | undefined

  /** Throws PatternError for a pattern that is a lone backslash. */
  constructor(pattern: string) {
    this.#pattern = Array.from(pattern)
    this.#advance()
  }

  get next(): string | undefined {
    return this.#next
  }

  /** Where the next token begins, in characters (code points). */
  get position(): number {
    return this.#index - tokenLength(this.#next)
  }

  get(): string | undefined {
    const token = this.#next
    this.#advance()
    return token
  }

  match(token: string): boolean {
    if (this.#next !== token) return false
    this.#advance()
    return true
  }

  /** Up to `count` tokens as long as they are in `allowed`. */
  takeWhile(count: number, allowed: string): string {
    let taken = ''
    for (let turn = 0; turn < count; turn++) {
      const token = this.#next
      if (token === undefined || !allowed.includes(token)) break
      taken += token
      this.#advance()
    }
    return taken
  }

  takeUntil(terminator: string, what: string): string {
    let taken = ''
    for (;;) {
      const token = this.get()
      if (token === undefined) {
        if (taken === '') throw this.error(`missing ${what}`)
        throw this.error(`missing ${terminator}, unterminated name`, lengthOf(taken))
      }
      if (token === terminator) {
        if (taken === '') throw this.error(`missing ${what}`, 1)
        return taken
      }
      taken += token
    }
  }

  seek(position: number): void {
    this.#index = position
    this.#advance()
  }

  /** An error `back` characters before the next token. */
  error(reason: string, back = 0): PatternError {
    return new PatternError(reason, this.#pattern, this.position - back)
  }

  errorAt(reason: string, position: number): PatternError {
    return new PatternError(reason, this.#pattern, position)
  }

  #advance(): void {
    const character = this.#pattern[this.#index]
    if (character === undefined) {
      this.#next = undefined
      return
    }
    if (character !== '\\') {
      this.#index += 1
      this.#next = character
      return
    }
    const escaped = this.#pattern[this.#index + 1]
    if (escaped === undefined) {
      const last = this.#pattern.length - 1
      throw new PatternError('bad escape (end of pattern)', this.#pattern, last)
    }
    this.#index += 2
    this.#next = character + escaped
  }
}

/** Characters as Python counts them: code points. */
export const lengthOf = (text: string): number => Array.from(text).length

const tokenLength = (token: string | undefined): number =>
  token === undefined ? 0 : token.startsWith('\\') ? 2 : 1
