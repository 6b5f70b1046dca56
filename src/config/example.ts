import type { ChatService } from './chat-services.ts'
import { placeholder } from './checks.ts'
import { layout, type Section } from './example-layout.ts'
import type { Option, OptionTable } from './option.ts'

const rule = '#'.repeat(70)

/** A paragraph as comment lines; 78 columns, as the old template's widest. */
const comment = (text: string): readonly string[] => {
  const lines: string[] = []
  let line = '#'
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > 78) {
      lines.push(line)
      line = '#'
    }
    line += ` ${word}`
  }
  return [...lines, line]
}

/** A value as sh reads it back. */
const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`

const note = ({ help, ignored }: Option): readonly string[] =>
  comment(ignored === undefined ? help : `No effect any more: ${ignored}.`)

const exampleOf = (option: Option): string => option.example ?? option.default ?? placeholder

/** A line that takes effect: the process's environment goes before what stands here. */
const active = (option: Option, value: string): readonly string[] => [
  ...note(option),
  `export ${option.name}="\${${option.name}${value === '' ? '' : `:-${value}`}}"`,
]

/** A line to take the `#` from. */
const optional = (option: Option): readonly string[] => [
  ...note(option),
  `# export ${option.name}=${quoted(exampleOf(option))}`,
]

/** Variables without effect are shown only where the old template had them: those have an example. */
const isShown = ({ ignored, example }: Option): boolean =>
  ignored === undefined || example !== undefined

const sectionLines = (section: Section, rows: ReadonlyMap<string, Option>): readonly string[] => [
  ...section.title === undefined ? [] : [rule, `# ${section.title}`],
  ...section.text === undefined ? [] : comment(section.text),
  ...section.title === undefined && section.text === undefined ? [] : [''],
  ...section.lines.flatMap(({ name, value }) => {
    const option = rows.get(name)
    if (option === undefined) return []
    return [...value === undefined ? optional(option) : active(option, value), '']
  }),
]

const serviceLines = ({ title, name, options, load }: ChatService): readonly string[] => [
  `# ${title} settings${load === undefined ? ' (not in this version)' : ''}`,
  '#',
  `# export HUBOT_ADAPTER=${name}`,
  ...options.filter(isShown).flatMap(optional),
  '',
]

/**
 * The example of an env file: a successor of the old template, with its variables in its order and lines
 * that begin as they did there, since installers edit them by `sed`. All of it comes from the tables.
 */
export const exampleFile = (core: OptionTable, services: readonly ChatService[]): string => {
  const rows = new Map<string, Option>(core.map((option) => [option.name, option]))
  const { before, chat, further, proxies, elsewhere } = layout
  const placed = new Set(
    [...before, further, proxies].flatMap(({ lines }) => lines.map(({ name }) => name)),
  )
  // A new row of the table is in the file without a word here.
  const unplaced = core.filter((option) =>
    isShown(option) && !placed.has(option.name) && !elsewhere.includes(option.name)
  )
  return [
    ...before.flatMap((section) => sectionLines(section, rows)),
    ...sectionLines(chat, rows),
    ...services.flatMap(serviceLines),
    ...sectionLines({ ...further, lines: [...further.lines, ...unplaced] }, rows),
    ...sectionLines(proxies, rows),
  ].join('\n').replace(/\n+$/, '\n')
}
