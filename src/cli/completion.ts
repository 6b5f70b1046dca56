import type { Command } from 'commander'
import { adapters } from '../../adapters/index.ts'
import { bashCompletion } from './completion/bash.ts'
import { collectNodes } from './completion/collect.ts'
import { fishCompletion } from './completion/fish.ts'
import { zshCompletion } from './completion/zsh.ts'
import type { ExitCode, Io } from './io.ts'

export type Shell = 'bash' | 'zsh' | 'fish'

const writers = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const

/** The script that teaches `shell` the commands, options and values of `program`. */
export const completionScript = (shell: Shell, program: Command): string => {
  const known = {
    '--adapter': adapters.filter(({ load }) => load !== undefined).map(({ name }) => name),
  }
  return writers[shell](program.name(), collectNodes(program, known, 'run'))
}

/** `st2chatops completion bash|zsh|fish`: the script on stdout. */
export const completion = async (
  { shell, program }: { shell: Shell; program: Command },
  { stdout }: Pick<Io, 'stdout'>,
): Promise<ExitCode> => {
  stdout.write(completionScript(shell, program))
  return 0
}
