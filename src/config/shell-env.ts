import type { ConfigurationFile } from './env-file.ts'
import { evaluate, type Evaluated } from './shell/evaluate.ts'
import { createReader } from './shell/reader.ts'
import { refusalsFor } from './shell/refusal.ts'
import { readStatements } from './shell/statements.ts'
import type { Variables } from './variables.ts'

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length

/**
 * Reads an env file with the meaning that `sh -c '. file; env'` gives it in the environment `before`,
 * and never executes anything. sh is dash here, which Debian's sh is.
 *
 * Read are: comments, `NAME=word`, `export NAME=word`, `export NAME`, several on a line, `;`, single and
 * double quotes, backslashes, continued lines, `$A`, `${A}` and `${A-b} ${A:-b} ${A=b} ${A:=b} ${A+b}
 * ${A:+b} ${A?b} ${A:?b}` (nested as deep as one likes), `~` for the home folder, `unset`, `set -a`,
 * `:` and `true`.
 *
 * Throws ConfigurationError at anything else: `FILE:LINE:`, what it is, what to write instead.
 */
export const readShellEnv = (
  file: Pick<ConfigurationFile, 'path' | 'text'>,
  before: Variables,
): Evaluated => {
  const { path, text } = file
  const refuse = refusalsFor(path)
  const nul = text.indexOf('\0')
  if (nul >= 0) {
    refuse(lineOf(text, nul), 'the file holds a NUL byte', 'save it as plain UTF-8 text')
  }
  if (text.startsWith('\uFEFF')) {
    refuse(1, 'the file begins with a byte order mark', 'save it as UTF-8 without BOM')
  }
  const statements = readStatements(createReader(text, refuse), refuse)
  return evaluate(statements, before, (line) => `${path}:${line}`, refuse)
}
