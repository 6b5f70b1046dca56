import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../clock.ts'
import { loadSettings } from '../config/load.ts'
import { takeOverEnvironment } from '../config/process.ts'
import { type DeadLetter, type Journal, openJournal } from '../delivery/journal.ts'
import { journalFile } from '../delivery/journal-store.ts'
import { silentLog } from '../log.ts'
import { counted } from './counted.ts'
import type { ExitCode, Io } from './io.ts'
import { printable, printableJson, printableLines } from './printable.ts'
import { stateFolderOf } from './state-folder.ts'

export type DeadLettersOptions = {
  readonly action: 'list' | 'show' | 'retry' | 'drop'
  /** The numbers of the letters, or `all`. */
  readonly numbers?: readonly string[] | undefined
  readonly json?: boolean | undefined
  readonly envFile?: string | undefined
}

/**
 * `st2chatops deadletters`: the messages that could not be delivered, beside the running bot. What is put back with
 * `retry` goes out within seconds; it need not be restarted.
 */
export const deadletters = async (options: DeadLettersOptions, io: Io): Promise<ExitCode> => {
  const environment = takeOverEnvironment()
  const settings = await loadSettings({
    environment,
    needs: [],
    ...(options.envFile !== undefined && { envFile: options.envFile }),
  })
  const folder = stateFolderOf(settings, environment)
  if (folder === undefined || !existsSync(join(folder, journalFile))) {
    io.stderr.write(
      `There is no journal in ${folder ?? '/var/lib/st2chatops'}. ` +
        'Set ST2CHATOPS_STATE_DIR to the folder that the bot keeps it in.\n',
    )
    return 1
  }
  const journal = openJournal({ folder, clock: systemClock, log: silentLog })
  try {
    const { durable, problem, unread = false } = journal.status()
    // To look at what is there needs no room on the disk.
    const looks = options.action === 'list' || options.action === 'show'
    if (looks ? unread : !durable) {
      io.stderr.write(`The journal in ${folder} cannot be opened: ${problem}\n`)
      return 1
    }
    return await act(options, journal, io)
  } finally {
    journal.close()
  }
}

const act = async (
  { action, numbers = [], json = false }: DeadLettersOptions,
  journal: Journal,
  io: Io,
): Promise<ExitCode> => {
  const letters = journal.deadLetters()
  if (action === 'list') {
    if (json) io.stdout.write(`${printableJson(letters.map(summary))}\n`)
    else io.stdout.write(table(letters))
    return 0
  }
  const chosen = numbers.includes('all')
    ? letters
    : letters.filter(({ number }) => numbers.includes(String(number)))
  const unknown = numbers.filter((wanted) =>
    wanted !== 'all' && !letters.some(({ number }) => String(number) === wanted)
  )
  for (const wanted of unknown) io.stderr.write(`There is no dead letter ${wanted}.\n`)
  for (const letter of chosen) {
    if (action === 'show') io.stdout.write(json ? `${printableJson(letter)}\n` : whole(letter))
    else if (action === 'retry') await journal.retry(letter.number)
    else await journal.drop(letter.number)
  }
  if (action !== 'show') {
    const done = action === 'retry'
      ? 'put back; the running bot posts what was put back within seconds'
      : 'dropped'
    io.stderr.write(`${counted(chosen.length, 'dead letter')} ${done}.\n`)
  }
  return unknown.length > 0 ? 1 : 0
}

const summary = ({ number, service, message, reason, advice, ended }: DeadLetter) => ({
  number,
  service,
  channel: message.channel,
  reason,
  advice,
  ended: new Date(ended).toISOString(),
  ...(message.link !== undefined && { link: message.link }),
})

const table = (letters: readonly DeadLetter[]): string => {
  if (letters.length === 0) return 'There are no dead letters.\n'
  return letters.map(summary).map(({ number, ended, service, channel, reason }) =>
    printable(`${String(number).padStart(6)}  ${ended}  ${service}:${channel}  ${reason}`) + '\n'
  ).join('')
}

const whole = (letter: DeadLetter): string => {
  const { number, service, channel, reason, advice, ended, link } = summary(letter)
  const lines = [
    `Number:  ${number}`,
    `For:     ${service}:${channel}`,
    `Given up: ${ended}`,
    `Because: ${reason}`,
    `Do:      ${advice}`,
    ...(link === undefined ? [] : [`Link:    ${link}`]),
  ]
  const { pretext, text } = letter.message
  return `${[...lines.map(printable), '', ...[pretext, text].map(printableLines)].join('\n')}\n\n`
}
