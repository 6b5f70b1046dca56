import type { ChatService } from './chat-services.ts'
import type { Option, OptionTable } from './option.ts'

/** A `|` would end the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const code = (text: string): string => `\`${cell(text)}\``

const choices = ({ type }: Option): string =>
  typeof type === 'object' ? ` One of ${type.choice.map(code).join(', ')}.` : ''

const otherNames = ({ deprecated = [], alternatives = [] }: Option): string =>
  (alternatives.length === 0 ? '' : ` Also read: ${alternatives.map(code).join(', ')}.`) +
  (deprecated.length === 0 ? '' : ` Old name: ${deprecated.map(code).join(', ')}.`)

const row = (option: Option): string => {
  const { name, help, secret, required } = option
  const value = option.default === undefined ? '' : code(option.default)
  const marks = `${required ? ' **Required.**' : ''}${secret ? ' *Secret.*' : ''}`
  return `| ${code(name)} | ${value} | ${cell(help)}${choices(option)}${
    otherNames(option)
  }${marks} |`
}

const table = (options: OptionTable): string => {
  const rows = options.filter(({ ignored }) => ignored === undefined).map(row)
  return rows.length === 0
    ? ''
    : ['| Variable | Default | Meaning |', '| --- | --- | --- |', ...rows, ''].join('\n')
}

const unused = (options: OptionTable): string => {
  const rows = options.flatMap(({ name, ignored }) =>
    ignored === undefined ? [] : [`| ${code(name)} | ${cell(ignored)} |`]
  )
  return rows.length === 0
    ? ''
    : ['| Known, without effect | Because |', '| --- | --- |', ...rows, ''].join('\n')
}

/** Every option as Markdown tables: the core's, then each chat service's. For the README. */
export const optionsMarkdown = (core: OptionTable, services: readonly ChatService[]): string =>
  [
    table(core),
    unused(core),
    ...services.flatMap(({ title, name, aliases, options, load }) => [
      `#### ${title}\n`,
      `\`HUBOT_ADAPTER=${name}\`${aliases.length === 0 ? '' : ` (or ${aliases.join(', ')})`}${
        load === undefined ? ', not in this version' : ''
      }\n`,
      table(options),
      unused(options),
    ]),
  ].filter((part) => part !== '').join('\n').trimEnd()
