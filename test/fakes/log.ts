import type { Log, LogFields } from '../../src/log.ts'

export type Line = { readonly level: string; readonly message: string; readonly fields: LogFields }

/** A log that keeps its lines for a test to read. */
export const createKeptLog = (): Log & { readonly lines: Line[] } => {
  const lines: Line[] = []
  const make = (bound: LogFields): Log => {
    const at = (level: string) => (message: string, fields: LogFields = {}) => {
      lines.push({ level, message, fields: { ...bound, ...fields } })
    }
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      with: (fields) => make({ ...bound, ...fields }),
    }
  }
  return { ...make({}), lines }
}
