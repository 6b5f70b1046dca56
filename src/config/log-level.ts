/** The levels of `src/log.ts`. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

const levels: Readonly<Record<string, LogLevel>> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  notice: 'info',
  warn: 'warn',
  warning: 'warn',
}

/** Our level for hubot's names, those of its `log` package and of pino; the severe ones are all `error`. */
export const readLogLevel = (name: string): LogLevel => levels[name] ?? 'error'
