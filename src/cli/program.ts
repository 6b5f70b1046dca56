import { Argument, Command, CommanderError } from 'commander'
import { correctOrder } from './misplaced-command.ts'
import { addBotCommands } from './program-bot.ts'
import { addToolCommands } from './program-tools.ts'
import type { ExitCode, Io } from './io.ts'
import { printable } from './printable.ts'

/** Hands a subcommand's ending to whoever runs the tree. */
export type Finish = (code: ExitCode) => void

const overview = `
Without a command it is "run": the bot, configured by environment variables and an env file.

Examples:
  st2chatops demo                    try it here, without StackStorm
  st2chatops check                   look at the configuration, the network and the credentials
  st2chatops -a slack                run the bot with the Slack adapter`

/**
 * The whole tree of commands. Building it runs nothing and loads no subcommand:
 * each action imports its own file when it is called.
 */
export const createProgram = (io: Io, finish: Finish): Command => {
  const program = new Command('st2chatops')
    .description('StackStorm ChatOps: commands from chat to StackStorm, results back to chat.')
    .usage('[command] [options]')
    .addHelpText('after', overview)
    .helpOption('-h, --help', 'show help; also after a command')
    .helpCommand('help [command]', 'show help for a command')
    // Inherited by every subcommand that is made after these.
    .exitOverride()
    .showHelpAfterError('Run "st2chatops help" for the commands, or "st2chatops COMMAND --help".')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      outputError: (text, write) => write(text.replace(/^error: /, 'st2chatops: ')),
    })

  addBotCommands(program, io, finish)
  addToolCommands(program, io, finish)

  program.command('version')
    .description('show version, commit and platform')
    .option('--json', 'as one JSON object')
    .addHelpText('after', '\nExample:\n  st2chatops version --json')
    .action(async (options) => finish(await (await import('./version.ts')).version(options, io)))

  program.command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      '\nExample:\n  st2chatops completion bash > /usr/share/bash-completion/completions/st2chatops',
    )
    .action(async (shell) =>
      finish(await (await import('./completion.ts')).completion({ shell, program }, io))
    )

  tellOwnHelp(program)
  return program
}

/** Where no command can follow, help is the command's own. */
const tellOwnHelp = (command: Command): void => {
  if (command.commands.length === 0) command.helpOption('-h, --help', 'show this help')
  command.commands.forEach(tellOwnHelp)
}

/**
 * What the arguments mean, Hubot's way included: without a command they belong to `run`, and so does the bare
 * word `st2chatops` that the old start script put last.
 */
export const withDefaultCommand = (args: readonly string[]): readonly string[] => {
  const [first] = args
  if (first === '-V' || first === '-v' || first === '--version') {
    return ['version', ...args.slice(1)]
  }
  if (first === '-h' || first === '--help') return args
  const belongsToRun = first === undefined || first.startsWith('-') || first === 'st2chatops'
  return belongsToRun ? ['run', ...args] : args
}

/**
 * The help of a command that does not exist would be its parent's, with success: without the option the command is refused by
 * its name.
 */
const withoutHelpForUnknown = (program: Command, args: readonly string[]): readonly string[] => {
  let command = program
  for (const [at, word] of args.entries()) {
    if (word.startsWith('-') || command.commands.length === 0) return args
    const next = command.commands.find((one) => one.name() === word)
    if (next === undefined) return word === 'help' ? args : args.slice(0, at + 1)
    command = next
  }
  return args
}

/** `help` by itself looks one level deep, and takes an unknown command for a question about all. */
const withHelpWanted = (program: Command, args: readonly string[]): readonly string[] => {
  const [first, ...words] = args
  if (first !== 'help' || words.length === 0) return args
  const isKnown = program.commands.some((command) => command.name() === words[0])
  return isKnown ? [...words, '--help'] : words
}

/**
 * Runs what the arguments ask for and gives the subcommand's exit code, or 2 for wrong use, which stderr explains.
 * Throws what the subcommand throws.
 */
export const runProgram = async (args: readonly string[], io: Io): Promise<ExitCode> => {
  let code: ExitCode = 0
  const program = createProgram(io, (ending) => {
    code = ending
  })
  const correct = correctOrder(program, args)
  if (correct !== undefined) {
    io.stderr.write(`st2chatops: Put the command first: ${printable(correct)}\n`)
    return 2
  }
  try {
    const asked = withHelpWanted(program, withDefaultCommand(args))
    await program.parseAsync(withoutHelpForUnknown(program, asked), { from: 'user' })
    return code
  } catch (error) {
    // Commander has already written its message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
}
