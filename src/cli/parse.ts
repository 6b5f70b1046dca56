import { buildCatalog, type Catalog } from '../alias/catalog.ts'
import { type Candidate, type Resolution } from '../alias/resolve.ts'
import { createBacktracker } from '../alias/backtracker.ts'
import { suggest, type Suggestion } from '../alias/suggest.ts'
import { builtIns } from '../bot/built-ins/index.ts'
import type { ExitCode, Io } from './io.ts'
import { type AliasOrigin, describePackProblem, loadAliases } from './load-aliases.ts'
import { parseLines } from './parse-lines.ts'
import { printable, printableJson } from './printable.ts'

export type ParseOptions = AliasOrigin & {
  readonly text?: string | undefined
  readonly json?: boolean | undefined
  /** Answer lines of `{"format","command"}` instead. */
  readonly stdin?: boolean | undefined
}

/**
 * Shows what a command would do: alias, format, parameters, and what would be sent. 0: it is a command;
 * 1: it is none, or more than one, or too long; 2: nothing to parse was given.
 */
export const parse = async (options: ParseOptions, io: Io): Promise<ExitCode> => {
  const backtracker = createBacktracker()
  try {
    if (options.stdin === true) return await parseLines(io, backtracker)
    const { text } = options
    if (text === undefined) {
      io.stderr.write('Give the text of a command, or --stdin.\n')
      return 2
    }
    const { sources, problems } = await loadAliases(options)
    for (const problem of problems) io.stderr.write(`${printable(describePackProblem(problem))}\n`)
    const documents = sources.map(({ document }) => document)
    const catalog = await buildCatalog(documents, { backtracker })
    for (const { ref, format, reason } of catalog.problems) {
      const where = `${ref}${format === undefined ? '' : ` "${format}"`}`
      io.stderr.write(`${printable(`${where}: ${reason}`)}\n`)
    }
    const { command, resolution } = await resolveAddressed(catalog, text)
    if (command !== text) io.stderr.write(`Read without the ! in front, which calls the bot.\n`)
    const show = options.json === true ? showJson : showText
    const nearest = resolution.kind === 'none' ? await suggest(catalog, command) : []
    io.stdout.write(show(command, resolution, nearest))
    return resolution.kind === 'match' ? 0 : 1
  } finally {
    backtracker.close()
  }
}

/** A text that no alias fits may be copied from chat, with the usual HUBOT_ALIAS in front. */
const resolveAddressed = async (
  catalog: Catalog,
  text: string,
): Promise<{ readonly command: string; readonly resolution: Resolution }> => {
  const resolution = await catalog.resolve(text)
  const [, command] = /^\s*!\s*(\S[^]*)$/.exec(text) ?? []
  return resolution.kind !== 'none' || command === undefined
    ? { command: text, resolution }
    : { command, resolution: await catalog.resolve(command) }
}

const requestOf = ({ alias, format, command }: Candidate) => ({ name: alias.name, format, command })

const candidateJson = (candidate: Candidate) => ({
  alias: candidate.alias.ref,
  action: candidate.alias.actionRef,
  format: candidate.format,
  display: candidate.display,
  parameters: candidate.parameters,
  rewritten: candidate.rewritten,
  request: requestOf(candidate),
})

const showJson = (
  text: string,
  resolution: Resolution,
  nearest: readonly Suggestion[],
): string => {
  const found = resolution.kind === 'match'
    ? candidateJson(resolution.match)
    : resolution.kind === 'ambiguous'
    ? { candidates: resolution.candidates.map(candidateJson) }
    : resolution.kind === 'too-long'
    ? { bytes: resolution.bytes, limit: resolution.limit }
    : {
      suggestions: nearest.map(({ display, alias }) => ({
        display,
        alias: alias.ref,
      })),
    }
  return `${printableJson({ text, result: resolution.kind, ...found }, 2)}\n`
}

const candidateText = (candidate: Candidate): string => {
  const { alias, format, command, parameters, rewritten } = candidate
  const names = Object.keys(parameters)
  const width = Math.max(0, ...names.map((name) => printable(name).length))
  const values = names.map((name) =>
    `              ${printable(name).padEnd(width)} = ${printableJson(parameters[name])}\n`
  )
  return `alias         ${printable(alias.ref)}\n` +
    `action        ${printable(alias.actionRef)}\n` +
    `format        ${printable(format)}\n` +
    `parameters    ${values.length === 0 ? 'none\n' : `${values.join('').trimStart()}`}` +
    `sent          ${printableJson(command)}${rewritten ? '  (rewritten for StackStorm)' : ''}\n`
}

/** The bot's own command that a text is, when no alias has its words. */
const ownCommand = (text: string): string | undefined => {
  const [, name = ''] = /^\s*(?:bot\s+)?(\S+)/i.exec(text) ?? []
  return Object.keys(builtIns).find((own) => own === name.toLowerCase())
}

const showText = (
  text: string,
  resolution: Resolution,
  nearest: readonly Suggestion[],
): string => {
  switch (resolution.kind) {
    case 'match':
      return candidateText(resolution.match)
    case 'ambiguous':
      return 'Several commands fit. Type more of the one that you mean. If two of them read the same, one of the ' +
        'aliases has to be reworded or disabled in StackStorm.\n\n' +
        resolution.candidates.map(candidateText).join('\n')
    case 'too-long':
      return `The command has ${resolution.bytes} bytes; at most ${resolution.limit} are read.\n`
    case 'none': {
      const own = ownCommand(text)
      if (own !== undefined) {
        return `No alias fits: ${own} is a command of the bot's own, as are ${
          Object.keys(builtIns).filter((name) => name !== own).join(', ')
        }.\n`
      }
      if (nearest.length === 0) return 'No command fits.\n'
      const lines = nearest.map(({ display, alias }) =>
        `  ${printable(`${display}  (${alias.ref})`)}\n`
      )
      return `No command fits. The nearest:\n${lines.join('')}`
    }
  }
}
