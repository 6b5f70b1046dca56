/**
 * What an env file consists of, once it is known to stay inside the part of sh that is read here.
 * Quotes are gone: what was quoted is `text`, what sh would replace is a part of its own.
 */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  /** An unquoted `~` where sh puts the home folder. */
  | { readonly kind: 'home' }
  /** `$NAME`, or `${NAME}` with an operator and the word behind it. */
  | {
    readonly kind: 'variable'
    readonly name: string
    readonly line: number
    readonly operator?: Operator
    readonly word?: Word
  }

/** What stands between name and word in `${NAME:-word}`. With the colon, empty counts as unset. */
export type Operator = '-' | ':-' | '=' | ':=' | '+' | ':+' | '?' | ':?'

export type Word = readonly Part[]

/** `NAME=word`, or `NAME` alone behind `export`. */
export type Assignment = { readonly name: string; readonly line: number; readonly word?: Word }

export type Statement =
  /** Plain assignments, one after the other: the second sees the first. */
  | { readonly kind: 'assign'; readonly assignments: readonly Assignment[] }
  /** sh works out all words before it sets the first: the second does not see the first. */
  | { readonly kind: 'export'; readonly assignments: readonly Assignment[] }
  | { readonly kind: 'unset'; readonly names: readonly string[] }
  /** `set -a` and `set +a`: whether plain assignments export. */
  | { readonly kind: 'all-export'; readonly on: boolean }
  /** `:` and `true`, which do nothing but work out their words. */
  | { readonly kind: 'nothing'; readonly words: readonly Word[] }
