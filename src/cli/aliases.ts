import { buildCatalog, type Catalog } from '../alias/catalog.ts'
import { createBacktracker } from '../alias/backtracker.ts'
import { searchHelp } from '../alias/help.ts'
import { type Finding, lintSources } from '../alias/lint.ts'
import { counted } from '../counted.ts'
import type { ExitCode, Io } from './io.ts'
import { printable, printableJson } from './printable.ts'
import {
  type AliasOrigin,
  describePackProblem,
  loadAliases,
  type LoadedAliases,
} from './load-aliases.ts'

export type AliasesOptions = AliasOrigin & {
  readonly what: 'list' | 'search' | 'lint'
  /** What to search for. */
  readonly words?: string | undefined
  readonly json?: boolean | undefined
}

/**
 * Lists the commands that people can give, searches them, or says what is wrong with them.
 * 1: `lint` found an error, or `search` found nothing.
 */
export const aliases = async (options: AliasesOptions, io: Io): Promise<ExitCode> => {
  const loaded = await loadAliases(options)
  if (options.what === 'lint') return showFindings(loaded, options, io)
  for (const problem of loaded.problems) {
    io.stderr.write(`${printable(describePackProblem(problem))}\n`)
  }
  const backtracker = createBacktracker()
  const documents = loaded.sources.map(({ document }) => document)
  const catalog = await buildCatalog(documents, { backtracker })
  const { problems } = catalog
  if (problems.length > 0) {
    io.stderr.write(`${problems.length} cannot be used; "aliases lint" says why.\n`)
  }
  const rows = await rowsOf(catalog, options.words ?? '')
  io.stdout.write(
    options.json === true ? `${printableJson(rows, 2)}\n` : tableOf(rows),
  )
  if (rows.length > 0 || options.what === 'list') return 0
  io.stderr.write(
    `No command has "${printable(options.words ?? '')}" in its text, description or pack.\n`,
  )
  return 1
}

type Row = {
  readonly command: string
  readonly alias: string
  readonly action: string
  readonly description: string | null
}

const rowsOf = async (catalog: Catalog, words: string): Promise<readonly Row[]> =>
  (await searchHelp(catalog, words)).map(({ display, description, alias }) => ({
    command: display,
    alias: alias.ref,
    action: alias.actionRef,
    description: description ?? null,
  }))

/** A longer command does not push the other columns to the right. */
const widest = 60

const tableOf = (rows: readonly Row[]): string => {
  const width = (pick: (row: Row) => string) =>
    Math.min(widest, Math.max(0, ...rows.map((row) => printable(pick(row)).length)))
  const commands = width(({ command }) => command)
  const names = width(({ alias }) => alias)
  return rows.map(({ command, alias, action }) =>
    `${printable(command).padEnd(commands)}  ${printable(alias).padEnd(names)}  ${
      printable(action)
    }\n`
  ).join('')
}

const showFindings = (
  { sources, problems }: LoadedAliases,
  { json }: AliasesOptions,
  io: Io,
): ExitCode => {
  const findings: readonly Finding[] = [
    ...problems.map((problem): Finding => ({
      level: 'error',
      ref: '(no alias)',
      file: problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`,
      message: problem.reason,
      advice: 'Correct the file.',
    })),
    ...lintSources(sources),
  ]
  const errors = findings.filter(({ level }) => level === 'error').length
  if (json === true) io.stdout.write(`${printableJson(findings, 2)}\n`)
  else io.stdout.write(findings.map(findingText).join(''))
  io.stderr.write(
    `${counted(sources.length, 'alias', 'aliases')}: ${counted(errors, 'error')}, ` +
      `${counted(findings.length - errors, 'warning')}\n`,
  )
  return errors > 0 ? 1 : 0
}

const findingText = ({ level, ref, file, format, message, advice }: Finding): string =>
  [
    `${level.padEnd(7)}  ${file === undefined ? '' : `${file}: `}${ref}` +
    `${format === undefined ? '' : ` "${format}"`}`,
    `         ${message}`,
    `         -> ${advice}`,
  ].map((line) => `${printable(line)}\n`).join('')
