import type { ConfigurationFile } from './env-file.ts'
import type { Variable, Variables } from './variables.ts'

export type EnvironmentFile = {
  readonly variables: Variables
  readonly warnings: readonly string[]
}

/** Where the reader is: the states of systemd's own reader (src/basic/env-file.c). */
type State =
  | 'before-name'
  | 'name'
  | 'before-value'
  | 'value'
  | 'escape'
  | 'single'
  | 'double'
  | 'double-escape'
  | 'comment'

/** systemd ends a line at either character, so that files with CR LF are read as they look. */
const isBreak = (character: string): boolean => character === '\n' || character === '\r'
const isBlank = (character: string): boolean => character === ' ' || character === '\t'

/**
 * Reads an EnvironmentFile as systemd does (systemd.exec(5), version 254 and later): lines `NAME=value`,
 * comments behind # and ; at the start of a line, single and double quotes, a backslash that takes the
 * meaning from the next character and joins lines. There is no `export` and no `$NAME`.
 * systemd ignores a line whose name is none; so does this, with a warning.
 */
export const readEnvironmentFile = (
  { path, text }: Pick<ConfigurationFile, 'path' | 'text'>,
): EnvironmentFile => {
  const variables = new Map<string, Variable>()
  const warnings: string[] = []
  let state: State = 'before-name'
  let line = 1
  let begin = 1
  let name = ''
  let value = ''
  /** Where the blanks at the end of an unquoted value begin; they are cut off. */
  let blanks: number | undefined

  const finish = (): void => {
    const key = name.trimEnd()
    const source = `${path}:${begin}`
    const kept = state === 'value' && blanks !== undefined ? value.slice(0, blanks) : value
    if (/^[A-Za-z_]\w*$/.test(key)) variables.set(key, { value: kept, source })
    else {
      const reason = /^export\s/.test(key)
        ? 'systemd does not know export; write NAME=value alone'
        : 'what stands before = is not the name of a variable'
      warnings.push(`${source}: the line has no effect: ${reason}`)
    }
    state = 'before-name'
    name = ''
    value = ''
    blanks = undefined
  }

  const inValue = (character: string): void => {
    if (!isBlank(character)) blanks = undefined
    else blanks ??= value.length
    value += character
  }

  const step = (character: string): void => {
    switch (state) {
      case 'before-name':
        if (character === '#' || character === ';') state = 'comment'
        else if (!isBlank(character) && !isBreak(character)) {
          state = 'name'
          begin = line
          name = character
        }
        return
      case 'name':
        if (character === '=') state = 'before-value'
        else if (isBreak(character)) {
          state = 'before-name'
          name = ''
        } else name += character
        return
      case 'before-value':
        if (isBreak(character)) finish()
        else if (character === "'") state = 'single'
        else if (character === '"') state = 'double'
        else if (character === '\\') state = 'escape'
        else if (!isBlank(character)) {
          state = 'value'
          inValue(character)
        }
        return
      case 'value':
        if (isBreak(character)) finish()
        else if (character === '\\') {
          state = 'escape'
          blanks = undefined
        } else inValue(character)
        return
      case 'escape':
        state = 'value'
        if (!isBreak(character)) value += character
        return
      case 'single':
        if (character === "'") state = 'before-value'
        else value += character
        return
      case 'double':
        if (character === '"') state = 'before-value'
        else if (character === '\\') state = 'double-escape'
        else value += character
        return
      case 'double-escape':
        state = 'double'
        if ('"\\`$'.includes(character)) value += character
        else if (!isBreak(character)) value += `\\${character}`
        return
      case 'comment':
        if (isBreak(character)) state = 'before-name'
    }
  }

  for (const character of text) {
    step(character)
    if (character === '\n') line++
  }
  if (state !== 'before-name' && state !== 'comment' && state !== 'name') finish()
  return { variables, warnings }
}
