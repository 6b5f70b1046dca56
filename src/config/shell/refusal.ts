import { ConfigurationError } from '../error.ts'

/** Stops at something that is not read here: where it is, what it is, and what to write instead. */
export type Refuse = (line: number, what: string, advice: string) => never

/** Refusals for one file: ConfigurationError with `FILE:LINE:` in front. Nothing of a value is quoted. */
export const refusalsFor = (path: string): Refuse => (line, what, advice) => {
  throw new ConfigurationError([{ source: `${path}:${line}`, what, advice }])
}
