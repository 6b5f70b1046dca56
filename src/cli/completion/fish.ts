import type { CompletionNode, CompletionOption } from './collect.ts'
import { valueOptions } from './shell-words.ts'

/** The text as one word of fish, where a backslash and a quote are escaped inside single quotes. */
const quote = (text: string): string => `'${text.replace(/[\\']/g, (mark) => `\\${mark}`)}'`

const flag = (name: string): string => {
  if (name.startsWith('--')) return `-l ${name.slice(2)}`
  return `-s ${name.slice(1)}`
}

const values = ({ value }: CompletionOption): string => {
  if (value === undefined) return ''
  if (value.kind === 'file') return ' -r -F'
  if (value.kind === 'folder') return ` -x -a '(__fish_complete_directories)'`
  if (value.kind === 'words') return ` -x -a ${quote(value.words.join(' '))}`
  return ' -x'
}

/** The completion script for fish, with the help of each word. */
export const fishCompletion = (name: string, nodes: readonly CompletionNode[]): string => {
  const paths = nodes.filter(({ path }) => path !== '')
  const at = (path: string) => `-n ${quote(`__${name}_at ${quote(path)}`)}`
  const lines = nodes.flatMap(({ path, options, commands, words }) => [
    ...commands.map((command) =>
      `complete -c ${name} ${at(path)} -a ${quote(command.name)} -d ${quote(command.help)}`
    ),
    ...words.map((word) => `complete -c ${name} ${at(path)} -a ${quote(word)}`),
    ...options.map((option) =>
      `complete -c ${name} ${at(path)} ${option.names.map(flag).join(' ')}${values(option)} ` +
      `-d ${quote(option.help)}`
    ),
  ])

  return `# fish completion for ${name}: written by "${name} completion fish"
function __${name}_at --argument-names wanted
    set -l node ''
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        set -l longer (string trim -- "$node $word")
        if contains -- $longer ${paths.map(({ path }) => quote(path)).join(' ')}
            set node $longer
        else if contains -- "$node $word" ${
    valueOptions(nodes).map(({ key }) => quote(key)).join(' ')
  }
            set skip 1
        end
    end
    test "$node" = "$wanted"
end
complete -c ${name} -f
${lines.join('\n')}
`
}
