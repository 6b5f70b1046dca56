/** What one line of the log carries beside its sentence: ids, counts, durations. Never a secret. */
export type LogFields = Readonly<
  Record<string, string | number | boolean | null | undefined | Error>
>

/**
 * The log as the rest of the house sees it: a sentence for a person, fields for a machine.
 * `src/ops/log.ts` makes the real one; secrets are masked there, in every sink.
 */
export type Log = {
  readonly debug: (message: string, fields?: LogFields) => void
  readonly info: (message: string, fields?: LogFields) => void
  readonly warn: (message: string, fields?: LogFields) => void
  readonly error: (message: string, fields?: LogFields) => void
  /** The same log with these fields on every line. */
  readonly with: (fields: LogFields) => Log
}

/** A log that says nothing, for tools and tests that have no reader. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => silentLog,
}
