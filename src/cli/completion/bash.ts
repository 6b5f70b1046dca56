import type { CompletionNode, ValueHint } from './collect.ts'
import { quote, valueOptions } from './shell-words.ts'

const reply = (value: ValueHint): string => {
  if (value.kind === 'file') return 'COMPREPLY=($(compgen -f -- "$current"))'
  if (value.kind === 'folder') return 'COMPREPLY=($(compgen -d -- "$current"))'
  const words = value.kind === 'words' ? value.words.join(' ') : ''
  return `COMPREPLY=($(compgen -W ${quote(words)} -- "$current"))`
}

/** The completion script for bash 4 and later. It asks nothing of the program when it completes. */
export const bashCompletion = (name: string, nodes: readonly CompletionNode[]): string => {
  const paths = nodes.filter(({ path }) => path !== '')
  const withValues = valueOptions(nodes)
  const words = ({ options, commands, words }: CompletionNode) =>
    `options=${quote(options.flatMap(({ names }) => names).join(' '))} ` +
    `words=${quote([...commands.map((command) => command.name), ...words].join(' '))}`

  return `# bash completion for ${name}: written by "${name} completion bash"
_${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local node= options= words= index
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    case " $node \${COMP_WORDS[index]}" in
      ${paths.map(({ path }) => quote(path.includes(' ') ? ` ${path}` : `  ${path}`)).join('|')})
        node=\${node:+$node }\${COMP_WORDS[index]} ;;
      *)
        case "$node \${COMP_WORDS[index]}" in
          ${withValues.map(({ key }) => quote(key)).join('|')}) ((index++)) ;;
        esac ;;
    esac
  done
  case "$node $previous" in
${withValues.map(({ key, value }) => `    ${quote(key)}) ${reply(value)}; return ;;`).join('\n')}
  esac
  case "$node" in
${nodes.map((node) => `    ${quote(node.path)}) ${words(node)} ;;`).join('\n')}
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -F _${name} ${name}
`
}
