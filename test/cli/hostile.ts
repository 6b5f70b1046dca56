import { expect } from 'bun:test'

/** What would write to the clipboard of a terminal, clear it, colour it by a single character, and turn its text round. */
export const hostile = '\x1b]52;c;ZXZpbA==\x07\x1b[2J\x9b31m\u202e\r'

/** Fails where a text could steer the terminal that shows it. */
export const expectHarmless = (text: string): void => {
  expect(text).toContain('52;c;')
  // deno-lint-ignore no-control-regex -- these are what is looked for
  expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/)
}
