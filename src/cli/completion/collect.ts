import type { Command, Option } from 'commander'

/** What may stand after an option, or in the place of an argument. */
export type ValueHint =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'file' }
  | { readonly kind: 'folder' }
  | { readonly kind: 'text' }

export type CompletionOption = {
  /** `-a`, `--adapter`: the short name first. */
  readonly names: readonly string[]
  readonly help: string
  /** Undefined for an option that takes no value. */
  readonly value: ValueHint | undefined
}

/** One command with what can follow it. */
export type CompletionNode = {
  /** The words from the program to the command, blanks between: empty for the program itself, then `aliases list`. */
  readonly path: string
  readonly commands: readonly { readonly name: string; readonly help: string }[]
  readonly options: readonly CompletionOption[]
  /** The words that its first argument can be. */
  readonly words: readonly string[]
}

/** Values for options that the tree of commands does not know by itself, by the option's long name. */
export type KnownValues = Readonly<Record<string, readonly string[]>>

const placeholders: Readonly<Record<string, ValueHint>> = {
  path: { kind: 'file' },
  folder: { kind: 'folder' },
}

const valueOf = (option: Option, known: KnownValues): ValueHint | undefined => {
  if (!option.required && !option.optional) return undefined
  const words = option.argChoices ?? known[option.long ?? '']
  if (words !== undefined) return { kind: 'words', words }
  const placeholder = /[<[](\w+)/.exec(option.flags)?.[1] ?? ''
  return placeholders[placeholder] ?? { kind: 'text' }
}

const readOption = (option: Option, known: KnownValues): CompletionOption => ({
  names: [option.short, option.long].filter((name) => typeof name === 'string'),
  help: option.description,
  value: valueOf(option, known),
})

/**
 * Every command of the tree, the program first. The program has the options of the command `defaultCommand` too,
 * because that is what it is without a command.
 */
export const collectNodes = (
  program: Command,
  known: KnownValues,
  defaultCommand: string,
): readonly CompletionNode[] => {
  const optionsOf = (command: Command) =>
    command.createHelp().visibleOptions(command).map((option) => readOption(option, known))

  const visit = (
    command: Command,
    parents: readonly string[],
    siblings: readonly string[],
  ): readonly CompletionNode[] => {
    const children = command.createHelp().visibleCommands(command)
    const isProgram = parents.length === 0 && command === program
    const path = isProgram ? [] : [...parents, command.name()]
    const fallback = isProgram
      ? children.find((child) => child.name() === defaultCommand)
      : undefined
    const own = optionsOf(command)
    const inherited = fallback === undefined ? [] : optionsOf(fallback)
    const names = new Set(own.flatMap(({ names }) => names))
    const node: CompletionNode = {
      path: path.join(' '),
      commands: children.map((child) => ({ name: child.name(), help: child.description() })),
      options: [
        ...own,
        ...inherited.filter((option) => !option.names.some((name) => names.has(name))),
      ],
      words: command.name() === 'help'
        ? siblings
        : command.registeredArguments[0]?.argChoices ?? [],
    }
    const named = command.commands.map((child) => child.name())
    return [node, ...children.flatMap((child) => visit(child, path, named))]
  }
  return visit(program, [], [])
}
