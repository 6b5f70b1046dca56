/** A text that Python's `ast.literal_eval`, `int` or `float` refuses, with Python's reason. */
export class PythonLiteralError extends Error {
  override readonly name = 'PythonLiteralError'
}

/**
 * Reads a Python literal: numbers, strings, True, False, None, and lists, tuples, sets and dictionaries of them. Tuples and sets come
 * as arrays, as they do in JSON. Throws PythonLiteralError.
 */
export function readPythonLiteral(text: string): unknown {
  const source = text.replace(/^[ \t]+/, '')
  if (source.trim() === '') throw new PythonLiteralError('invalid syntax (<unknown>, line 0)')
  const reader: Reader = { text: source, at: 0, depth: 0 }
  const value = readItems(reader)
  skip(reader)
  if (reader.at < reader.text.length) throw syntax()
  if (reader.malformed !== undefined) throw malformed(reader.malformed)
  return value
}

/** `malformed` is the first thing that Python reads and then refuses to evaluate; errors of grammar come first. */
type Reader = { readonly text: string; at: number; depth: number; malformed?: string }

/** Brackets within brackets, of any kind: MAXLEVEL of CPython's tokenizer. */
const deepest = 200

const syntax = (): PythonLiteralError =>
  new PythonLiteralError('invalid syntax (<unknown>, line 1)')

const malformed = (node: string): PythonLiteralError =>
  // Python shows the object's address here, which is different every time.
  new PythonLiteralError(
    `malformed node or string on line 1: <ast.${node} object at 0x7f0000000000>`,
  )

function skip(reader: Reader): void {
  while (/[ \t\r\n\f]/.test(reader.text.charAt(reader.at))) reader.at++
}

function take(reader: Reader, mark: string): boolean {
  skip(reader)
  if (!reader.text.startsWith(mark, reader.at)) return false
  reader.at += mark.length
  return true
}

/** A value, or several with commas between them, which are a tuple. */
function readItems(reader: Reader): unknown {
  const first = readValue(reader)
  if (!take(reader, ',')) return first
  const items = [first]
  for (skip(reader); reader.at < reader.text.length; skip(reader)) {
    items.push(readValue(reader))
    if (!take(reader, ',')) break
  }
  return items
}

function readValue(reader: Reader): unknown {
  skip(reader)
  const letter = reader.text.charAt(reader.at)
  if (letter === '{') return nested(reader, readBraces)
  if (letter === '[') return nested(reader, () => readList(reader, '[', ']'))
  if (letter === '(') return nested(reader, readParentheses)
  if (letter === '-' || letter === '+') {
    reader.at++
    // Python takes one sign; by itself each further one would be a step down.
    while (/[-+ \t]/.test(reader.text.charAt(reader.at))) {
      if (/[-+]/.test(reader.text.charAt(reader.at))) reader.malformed ??= 'UnaryOp'
      reader.at++
    }
    const value = readValue(reader)
    if (typeof value === 'number') return letter === '-' ? -value : value
    reader.malformed = 'UnaryOp'
    return undefined
  }
  const string = readString(reader)
  if (string !== undefined) return string
  return readNumber(reader) ?? readName(reader)
}

function nested<Value>(reader: Reader, read: (reader: Reader) => Value): Value {
  if (++reader.depth > deepest) {
    throw new PythonLiteralError('too many nested parentheses (<unknown>, line 1)')
  }
  const value = read(reader)
  reader.depth--
  return value
}

function readList(reader: Reader, open: string, close: string): unknown[] {
  take(reader, open)
  return readItemsUntil(reader, open, close, [])
}

/** The items behind the bracket `open`, those that stand before the reader included. */
function readItemsUntil(
  reader: Reader,
  open: string,
  close: string,
  items: unknown[],
): unknown[] {
  while (!take(reader, close)) {
    checkOpen(reader, open)
    items.push(readValue(reader))
    if (!take(reader, ',') && !peek(reader, close)) throw unclosed(reader, open)
  }
  return items
}

function readParentheses(reader: Reader): unknown {
  const start = reader.at
  const items = readList(reader, '(', ')')
  const inside = reader.text.slice(start, reader.at - 1).trimEnd()
  return items.length === 1 && !inside.endsWith(',') ? items[0] : items
}

function readBraces(reader: Reader): unknown {
  take(reader, '{')
  const entries: [string, unknown][] = []
  while (!take(reader, '}')) {
    checkOpen(reader, '{')
    const key = readValue(reader)
    if (!take(reader, ':')) {
      if (entries.length > 0) throw unclosed(reader, '{')
      // A set. What was read is kept: read anew, each level would double the work of the one inside.
      if (!take(reader, ',') && !peek(reader, '}')) throw unclosed(reader, '{')
      return readItemsUntil(reader, '{', '}', [key])
    }
    entries.push([typeof key === 'string' ? key : JSON.stringify(key), readValue(reader)])
    if (!take(reader, ',') && !peek(reader, '}')) throw unclosed(reader, '{')
  }
  return Object.fromEntries(entries)
}

function peek(reader: Reader, mark: string): boolean {
  skip(reader)
  return reader.text.startsWith(mark, reader.at)
}

function checkOpen(reader: Reader, open: string): void {
  skip(reader)
  if (reader.at >= reader.text.length) throw unclosed(reader, open)
}

function unclosed(reader: Reader, open: string): PythonLiteralError {
  skip(reader)
  return reader.at >= reader.text.length
    ? new PythonLiteralError(`'${open}' was never closed (<unknown>, line 1)`)
    : syntax()
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
}

function readString(reader: Reader): string | undefined {
  const opening = /^(r|u|R|U)?("""|'''|"|')/.exec(reader.text.slice(reader.at, reader.at + 4))
  const quote = opening?.[2]
  if (opening === null || quote === undefined) return undefined
  const raw = opening[1]?.toLowerCase() === 'r'
  reader.at += opening[0].length
  let text = ''
  while (!reader.text.startsWith(quote, reader.at)) {
    const letter = reader.text.charAt(reader.at)
    if (letter === '' || (letter === '\n' && quote.length === 1)) {
      throw new PythonLiteralError(
        'unterminated string literal (detected at line 1) (<unknown>, line 1)',
      )
    }
    text += letter === '\\' ? readEscape(reader, raw) : letter
    reader.at++
  }
  reader.at += quote.length
  return text
}

/** Reads an escape and leaves the reader on its last character. */
function readEscape(reader: Reader, raw: boolean): string {
  const letter = reader.text.charAt(++reader.at)
  if (raw) return `\\${letter}`
  const digits = { x: 2, u: 4, U: 8 }[letter]
  if (digits === undefined) return escapes[letter] ?? `\\${letter}`
  const code = reader.text.slice(reader.at + 1, reader.at + 1 + digits)
  if (!/^[0-9a-fA-F]+$/.test(code) || code.length < digits) throw syntax()
  reader.at += digits
  return String.fromCodePoint(parseInt(code, 16))
}

function readNumber(reader: Reader): number | undefined {
  const rest = reader.text.slice(reader.at)
  const found =
    /^(0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/
      .exec(rest)
  if (found === null) return undefined
  reader.at += found[0].length
  return Number(found[0].replaceAll('_', ''))
}

function readName(reader: Reader): unknown {
  const found = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(reader.text.slice(reader.at))
  if (found === null) throw syntax()
  reader.at += found[0].length
  if (found[0] === 'True') return true
  if (found[0] === 'False') return false
  if (found[0] === 'None') return null
  skip(reader)
  if (reader.at < reader.text.length && /[\p{L}\d"']/u.test(reader.text.charAt(reader.at))) {
    throw syntax()
  }
  reader.malformed ??= 'Name'
  return undefined
}
