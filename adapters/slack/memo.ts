import type { Clock } from '../../src/clock.ts'

export type Memo<Value> = {
  /** What is remembered, or is being looked up, or is looked up now. */
  readonly get: (key: string) => Promise<Value>
  readonly forget: (key: string) => void
}

export type MemoOptions<Value> = {
  readonly clock: Clock
  /** ms for which an answer holds. */
  readonly holds: number
  readonly load: (key: string) => Promise<Value>
}

/** A failure is remembered too, or a busy channel would ask again with each message; ms. */
const failureHolds = 10_000
const rememberAtMost = 10_000

/** Looks things up one by one, when they are needed, and each once while its answer holds. */
export const createMemo = <Value>({ clock, holds, load }: MemoOptions<Value>): Memo<Value> => {
  const known = new Map<string, { readonly answer: Promise<Value>; until: number }>()
  return {
    get: (key) => {
      const found = known.get(key)
      if (found !== undefined && found.until > clock.monotonic()) return found.answer
      const entry = { answer: load(key), until: clock.monotonic() + holds }
      known.delete(key)
      known.set(key, entry)
      entry.answer.catch(() => {
        entry.until = clock.monotonic() + failureHolds
      })
      const oldest = known.size > rememberAtMost ? known.keys().next().value : undefined
      if (oldest !== undefined) known.delete(oldest)
      return entry.answer
    },
    forget: (key) => void known.delete(key),
  }
}
