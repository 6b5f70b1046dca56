import type { Command, Option } from 'commander'

type Flag = { readonly option: Option | undefined; readonly words: readonly string[] }

/** The options in front, each with its value, as `run` reads them, and where the first other word stands. */
const leadingFlags = (
  run: Command,
  args: readonly string[],
): { readonly flags: readonly Flag[]; readonly end: number } => {
  const flags: Flag[] = []
  let end = 0
  while (args[end]?.startsWith('-')) {
    const word = args[end] ?? ''
    const option = run.options.find(({ short, long }) => word === short || word === long)
    const next = args[end + 1]
    const takesNext = option?.required === true ||
      (option?.optional === true && next !== undefined && !next.startsWith('-'))
    const words = args.slice(end, end + (takesNext ? 2 : 1))
    flags.push({
      option: option ?? run.options.find((one) => word.startsWith(`${one.long}=`)),
      words,
    })
    end += words.length
  }
  return { flags, end }
}

/** Help and version are asked of the program itself. */
const isQuestion = (word: string): boolean =>
  ['-h', '--help', '-v', '-V', '--version'].includes(word)

/**
 * Options belong behind their command; in front of one they would be taken for those of `run`. What to write instead, with
 * the options that the command knows; undefined when all is well.
 */
export const correctOrder = (program: Command, args: readonly string[]): string | undefined => {
  const run = program.commands.find((command) => command.name() === 'run')
  if (run === undefined || !args[0]?.startsWith('-') || isQuestion(args[0])) return undefined
  const { flags, end } = leadingFlags(run, args)
  const rest = args.slice(end)
  let command = program
  for (const word of rest) {
    const next = command.commands.find((one) => one.name() === word)
    if (next === undefined) break
    command = next
  }
  if (command === program) return undefined
  const known = flags.filter(({ option }) =>
    command.options.some(({ long }) => long !== undefined && long === option?.long)
  )
  return ['st2chatops', ...rest, ...known.flatMap(({ words }) => words)].join(' ')
}
