import { type Clock, systemClock } from '../clock.ts'
import { readLogLevel } from '../config/log-level.ts'
import type { ProcessEnvironment } from '../config/process.ts'
import { createMask } from '../config/redact.ts'
import type { Settings } from '../config/settings.ts'
import { chooseFormat, type ClosableLog, createLog, isJournal } from '../ops/log.ts'
import { createLineWriter } from '../ops/line-writer.ts'
import type { Io } from './io.ts'

/** The log of this process, as the configuration wants it, on stderr, with the configuration's secrets masked. */
export const openLog = (
  settings: Settings,
  environment: ProcessEnvironment,
  { stderr }: Io,
  clock: Clock = systemClock,
): ClosableLog => {
  const isTerminal = stderr.isTTY
  const writer = createLineWriter((text) => stderr.write(text))
  const log = createLog({
    level: readLogLevel(settings.core.HUBOT_LOG_LEVEL),
    format: chooseFormat({
      wanted: settings.core.ST2CHATOPS_LOG_FORMAT,
      isTerminal,
      journalStream: isJournal(environment.JOURNAL_STREAM),
    }),
    colour: isTerminal && !environment.NO_COLOR,
    write: writer.write,
    mask: createMask(settings.secrets),
    clock,
  })
  return {
    ...log,
    close: () => {
      log.close()
      writer.flush()
    },
  }
}
