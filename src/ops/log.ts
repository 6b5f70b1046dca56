import { fstatSync } from 'node:fs'
import type { Clock } from '../clock.ts'
import type { Log, LogFields } from '../log.ts'
import { type Event, formatBody, formatLine } from './log-format.ts'
import { createRepeatFilter } from './repeat-filter.ts'

/** From talkative to terse. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** How a line looks: for a person, for journald, for a log collector. */
export type LogFormat = 'pretty' | 'journal' | 'json'

const ranks: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }

/**
 * The format that fits where the log goes: what was asked for, else journald's prefixes when the journal
 * itself reads the stream, else lines for a person.
 */
export const chooseFormat = (
  { wanted, isTerminal, journalStream }: {
    /** `ST2CHATOPS_LOG_FORMAT`. */
    wanted?: LogFormat | 'auto' | undefined
    isTerminal: boolean
    journalStream: boolean
  },
): LogFormat => {
  if (wanted !== undefined && wanted !== 'auto') return wanted
  return journalStream && !isTerminal ? 'journal' : 'pretty'
}

/**
 * Whether the stream `fd` is the one that systemd connected to the journal: `JOURNAL_STREAM` holds its device
 * and inode (systemd.exec(5)). The variable alone proves nothing: children inherit it, also when redirected.
 */
export const isJournal = (variable: string | undefined, fd = 2): boolean => {
  if (variable === undefined || variable === '') return false
  try {
    const { dev, ino } = fstatSync(fd, { bigint: true })
    return variable === `${dev}:${ino}`
  } catch {
    return false
  }
}

export type LogOptions = {
  /** The least level that is written; default `info`. */
  readonly level?: LogLevel
  readonly format?: LogFormat
  /** Colours in `pretty`; the caller knows whether a terminal reads and whether `NO_COLOR` is set. */
  readonly colour?: boolean
  /** Takes one whole line with its newline; `urgent`: whoever looks at the log wants to see it now. */
  readonly write: (line: string, urgent: boolean) => void
  /** Blots the secrets out of a text. It sees every text before anything is escaped or cut. */
  readonly mask?: (text: string) => string
  readonly clock: Clock
}

/** A log that can be closed: what was held back as repeated is written, and no timer stays behind. */
export type ClosableLog = Log & { readonly close: () => void }

/**
 * The log of the process. One event is one line in every format; secrets are blotted out; control
 * characters from chat cannot forge a line. The same line again within 10 s is counted, not written.
 *
 * @example
 * const log = createLog({ level: 'info', format: 'pretty', write: (line) => process.stderr.write(line), mask, clock })
 * log.info('Connected to Slack.', { adapter: 'slack' })
 */
export const createLog = (
  {
    level: threshold = 'info',
    format = 'pretty',
    colour = false,
    write,
    mask = (text) => text,
    clock,
  }: LogOptions,
): ClosableLog => {
  const style = { format, colour, mask, stacks: threshold === 'debug' }
  const line = (event: Event, body = formatBody(event, style)) =>
    write(formatLine(body, event, style), ranks[event.level] > ranks.info)

  const repeats = createRepeatFilter<Event>({
    clock,
    report: (event, count, seconds) =>
      line({
        ...event,
        time: clock.now(),
        message: `${event.message} (${count} more in ${seconds} s)`,
      }),
  })

  const emit =
    (level: Event['level'], bound: LogFields) => (message: string, fields?: LogFields) => {
      if (ranks[level] < ranks[threshold]) return
      const event: Event = { time: clock.now(), level, message, fields: { ...bound, ...fields } }
      // Who asked for debug wants to see each one.
      if (level === 'debug') return line(event)
      const body = formatBody(event, style)
      if (repeats.pass(`${level} ${body}`, event)) line(event, body)
    }

  const create = (bound: LogFields): ClosableLog => ({
    debug: emit('debug', bound),
    info: emit('info', bound),
    warn: emit('warn', bound),
    error: emit('error', bound),
    with: (fields) => create({ ...bound, ...fields }),
    close: repeats.close,
  })
  return create({})
}
