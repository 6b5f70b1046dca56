import type { CompletionNode, ValueHint } from './collect.ts'
import { quote, valueOptions } from './shell-words.ts'

const offer = (value: ValueHint): string => {
  if (value.kind === 'file') return '_files'
  if (value.kind === 'folder') return '_files -/'
  if (value.kind === 'words') return `compadd -- ${value.words.map(quote).join(' ')}`
  return "_message 'value'"
}

/** `name:help`, as `_describe` wants it. */
const described = (name: string, help: string): string =>
  quote(`${name.replaceAll(':', '\\:')}:${help}`)

/** The completion script for zsh, with the help of each word. */
export const zshCompletion = (name: string, nodes: readonly CompletionNode[]): string => {
  const paths = nodes.filter(({ path }) => path !== '')
  const withValues = valueOptions(nodes)
  const describe = ({ options, commands, words }: CompletionNode) => {
    const flags = options.flatMap(({ names, help }) => names.map((flag) => described(flag, help)))
    const following = [
      ...commands.map((command) => described(command.name, command.help)),
      ...words.map(quote),
    ]
    return `options=(${flags.join(' ')}); following=(${following.join(' ')})`
  }

  return `#compdef ${name}
# zsh completion for ${name}: written by "${name} completion zsh"
_${name}() {
  local node= index
  local -a options following
  for ((index = 2; index < CURRENT; index++)); do
    case " $node $words[index]" in
      ${paths.map(({ path }) => quote(path.includes(' ') ? ` ${path}` : `  ${path}`)).join('|')})
        node=\${node:+$node }$words[index] ;;
      *)
        case "$node $words[index]" in
          ${withValues.map(({ key }) => quote(key)).join('|')}) ((index++)) ;;
        esac ;;
    esac
  done
  case "$node $words[CURRENT-1]" in
${withValues.map(({ key, value }) => `    ${quote(key)}) ${offer(value)}; return ;;`).join('\n')}
  esac
  case "$node" in
${nodes.map((node) => `    ${quote(node.path)}) ${describe(node)} ;;`).join('\n')}
  esac
  if [[ $words[CURRENT] == -* ]]; then
    _describe -o 'option' options
  else
    _describe 'command' following
  fi
}
if [[ $funcstack[1] == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`
}
