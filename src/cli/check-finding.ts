/** One thing that `check` has looked at: how it is, and where that is not well, what to do. */
export type Finding = {
  readonly level: 'ok' | 'warn' | 'fail'
  /** What was looked at, in one or two words. */
  readonly subject: string
  readonly what: string
  readonly fix?: string
}

/** Shorthands, so that a check reads like the sentence that it prints. */
export const ok = (subject: string, what: string): Finding => ({ level: 'ok', subject, what })
export const warn = (subject: string, what: string, fix?: string): Finding => ({
  level: 'warn',
  subject,
  what,
  ...fix === undefined ? {} : { fix },
})
export const fail = (subject: string, what: string, fix?: string): Finding => ({
  level: 'fail',
  subject,
  what,
  ...fix === undefined ? {} : { fix },
})
