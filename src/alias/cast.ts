import { isBlank, stripBlanks } from './blanks.ts'
import { PythonLiteralError, readPythonLiteral } from './python-literal.ts'
import { quoted } from './python-regex/groups.ts'

/** A value that does not fit its parameter's type. The message is the server's own and shows the value. */
export class CastError extends Error {
  override readonly name = 'CastError'
}

/** StackStorm's way to write "no value" as text. */
const noneValue = '%*****__%NONE%__*****%'

/**
 * Turns the text of an alias parameter into its action parameter's type, as alias execution does.
 * Types that StackStorm does not cast are given back as they are. Throws CastError with the server's text.
 */
export function castParameter(name: string, type: string, value: string | null): unknown {
  const text = value === noneValue ? null : value
  try {
    return castValue(type, text)
  } catch (cause) {
    if (!(cause instanceof PythonLiteralError)) throw cause
    const kind = value === null ? 'NoneType' : 'str'
    throw new CastError(
      `Failed to cast value "${value ?? 'None'}" (type: ${kind}) for parameter "${name}" ` +
        `of type "${type}": ${cause.message}. Perhaps the value is of an invalid type?`,
      { cause },
    )
  }
}

function castValue(type: string, text: string | null): unknown {
  switch (type) {
    case 'integer':
      return castInteger(text)
    case 'number':
      return castNumber(text)
    case 'boolean':
      return text === null ? null : readPythonLiteral(capitalized(text))
    case 'array':
      return text === null ? null : text.split(',').map(stripBlanks)
    case 'object':
      return text === null ? null : castObject(text)
    default:
      return text
  }
}

const noArgument = (call: string, accepted: string): PythonLiteralError =>
  new PythonLiteralError(`${call} argument must be ${accepted}, not 'NoneType'`)

function castInteger(text: string | null): number {
  if (text === null) {
    throw noArgument('int()', 'a string, a bytes-like object or a real number')
  }
  const digits = asciiDigits(stripBlanks(text))
  if (/^[+-]?\d+(_\d+)*$/.test(digits)) return Number(digits.replaceAll('_', ''))
  throw new PythonLiteralError(`invalid literal for int() with base 10: ${quoted(text)}`)
}

function castNumber(text: string | null): number {
  if (text === null) throw noArgument('float()', 'a string or a real number')
  const digits = asciiDigits(stripBlanks(text))
  const part = String.raw`\d+(?:_\d+)*`
  const float = new RegExp(`^[+-]?(?:${part}\\.?|(?:${part})?\\.${part})(?:e[+-]?${part})?$`, 'i')
  if (float.test(digits)) return Number(digits.replaceAll('_', ''))
  const special = /^([+-]?)(nan|inf|infinity)$/i.exec(digits)
  if (special !== null) {
    const size = special[2]?.toLowerCase() === 'nan' ? NaN : Infinity
    return special[1] === '-' ? -size : size
  }
  throw new PythonLiteralError(`could not convert string to float: ${quoted(text)}`)
}

function castObject(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: the server then takes it for a Python literal, and that error is the one it shows.
    return readPythonLiteral(text)
  }
}

/** Python takes decimal digits of every script. */
function asciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0
    if (code < 0x80) return digit
    // Decimal digits come in runs of ten, of which the zero is the first.
    let zero = code
    while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero--
    return String(code - zero)
  })
}

function capitalized(text: string): string {
  const [first = '', ...rest] = Array.from(text)
  const start = first === '' || isBlank(first.charCodeAt(0)) ? first : first.toUpperCase()
  return start + rest.join('').toLowerCase()
}
