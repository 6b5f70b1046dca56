/**
 * How Python 3 writes values as text. StackStorm prints results with `str()`, so people in chat
 * know `True`, `None` and `{'a': 1}`, and so must whatever stands in for it.
 */

/** A string as Python's `repr` quotes it: single quotes unless only double ones avoid escapes. */
const quote = (text: string): string => {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  let body = ''
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (character === mark || character === '\\') body += `\\${character}`
    else if (character === '\n') body += '\\n'
    else if (character === '\r') body += '\\r'
    else if (character === '\t') body += '\\t'
    else if (code < 0x20 || (code >= 0x7f && code < 0xa1) || code === 0xad) {
      body += `\\x${code.toString(16).padStart(2, '0')}`
    } else body += character
  }
  return `${mark}${body}${mark}`
}

/** A number as Python writes the one that came out of the same JSON text. */
const numberText = (value: number): string => {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  if (Number.isInteger(value)) {
    return Math.abs(value) < 1e21 ? String(value) : BigInt(value).toString()
  }
  const text = String(value)
  if (Math.abs(value) >= 1e-4) return text
  const [mantissa = '', exponent = ''] = value.toExponential().split('e')
  return `${mantissa}e${exponent.startsWith('-') ? '-' : '+'}${exponent.slice(1).padStart(2, '0')}`
}

/** `repr(value)` of a value that came out of JSON. */
export const pythonRepr = (value: unknown): string => {
  if (value === null || value === undefined) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, item]) => `${quote(key)}: ${pythonRepr(item)}`)
    return `{${entries.join(', ')}}`
  }
  return String(value)
}

/** `str(value)`: as `repr`, but a string is itself. */
export const pythonText = (value: unknown): string =>
  typeof value === 'string' ? value : pythonRepr(value)
