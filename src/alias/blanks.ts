/**
 * White space as Python's `str.isspace` and `\s` have it, as the inside of an RE2 set.
 * Unlike JavaScript's it holds U+001C to U+001F and U+0085, and not U+FEFF.
 */
export const blankSet = '\\t-\\r\\x1c-\\x20\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}' +
  '\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}'

/** Whether a UTF-16 code unit (or code point) is white space to Python. */
export function isBlank(code: number): boolean {
  if (code <= 0x20) return (code >= 0x09 && code <= 0x0d) || code >= 0x1c
  if (code < 0x85) return false
  return code === 0x85 || code === 0xa0 || code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) || code === 0x2028 || code === 0x2029 ||
    code === 0x202f || code === 0x205f || code === 0x3000
}

/** Whether nothing but white space is in `text`, the empty text included. */
export function allBlank(text: string): boolean {
  return skipBlanks(text, 0) === text.length
}

/** The first position from `at` on that is not white space, or the text's length. */
export function skipBlanks(text: string, at: number): number {
  let position = at
  while (position < text.length && isBlank(text.charCodeAt(position))) position++
  return position
}

/** The first position from `at` on that is white space, or the text's length. */
export function skipWord(text: string, at: number): number {
  let position = at
  while (position < text.length && !isBlank(text.charCodeAt(position))) position++
  return position
}

/** Text without white space at both ends. */
export function stripBlanks(text: string): string {
  let end = text.length
  while (end > 0 && isBlank(text.charCodeAt(end - 1))) end--
  const start = skipBlanks(text, 0)
  return start >= end ? '' : text.slice(start, end)
}

/** Whether a text holds ASCII only. */
export const isAscii = (text: string): boolean => !/[\u0080-\uffff]/.test(text)
