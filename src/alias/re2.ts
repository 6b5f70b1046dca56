import type { RE2JS } from 're2js'

/** One compiled expression. */
export type Re2 = RE2JS

/**
 * Compiles an expression for the linear-time engine; `.` meets line ends with `dotAll`. Throws the engine's own error for one that it
 * cannot express. The engine is a third of the bot's code and most bots never need it: plain formats are matched without it, so it
 * is loaded by the first expression that is compiled.
 */
export const compileRe2 = (
  pattern: string,
  { dotAll = false, lookbehind = false }: {
    readonly dotAll?: boolean
    readonly lookbehind?: boolean
  } = {},
): Re2 => {
  const engine: typeof RE2JS = require('re2js').RE2JS
  const flags = (dotAll ? engine.DOTALL : 0) | (lookbehind ? engine.LOOKBEHINDS : 0)
  return engine.compile(pattern, flags)
}
