/**
 * The Worker's side of a Backtracker: one question, one answer. It may be ended at any moment.
 * It is an entry point of its own, also of the compiled executable.
 */
import { backtrack } from './backtrack.ts'
import type { BacktrackAnswer, BacktrackQuestion } from './backtracker.ts'
import { parsePattern } from './python-regex/parse.ts'

declare const self: Worker

self.onmessage = (event: MessageEvent<BacktrackQuestion>) => {
  const { id, pattern, subject, all } = event.data
  self.postMessage(answer(id, () => backtrack(parsePattern(pattern), subject, all)))
}

function answer(id: number, find: () => ReturnType<typeof backtrack>): BacktrackAnswer {
  try {
    return { id, found: find() }
  } catch (error) {
    // A very long text can exhaust the stack; that is a text too hard for its format.
    return { id, failure: error instanceof Error ? error.message : String(error) }
  }
}
