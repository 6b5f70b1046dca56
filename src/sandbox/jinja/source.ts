import { syntaxFailure } from './failure.ts'

/**
 * Prepares a template for the parser. StackStorm renders with `trim_blocks` and `lstrip_blocks`;
 * the parser knows those, but not `{%+`, `{% raw %}` nor a backslash that Python leaves alone in a
 * string, so all of these are settled here and the parser sees plain tags only.
 */
export const prepareSource = (source: string): string => {
  let output = ''
  let position = 0
  let lineStarting = true
  while (position < source.length) {
    const open = nextTag(source, position)
    if (open === -1) return output + source.slice(position)
    let text = source.slice(position, open)
    const isBlock = source[open + 1] !== '{'
    const control = source[open + 2]
    if (isBlock && control !== '-' && control !== '+') text = stripLineStart(text, lineStarting)
    const raw = rawBlock(source, open)
    if (raw) {
      output += text + (raw.text === '' ? '' : `{{ ${literal(raw.text)} }}`)
      position = raw.end
      lineStarting = source[position - 1] === '\n'
      continue
    }
    const close = endOfTag(source, open)
    const plus = isBlock && source[close - 3] === '+'
    output += text + tagText(source.slice(open, close), isBlock, plus)
    position = close
    lineStarting = false
    if (isBlock && !plus && source[close - 3] !== '-') {
      const newline = /^\r?\n/.exec(source.slice(position, position + 2))?.[0] ?? ''
      position += newline.length
      lineStarting = newline !== ''
    }
  }
  return output
}

const nextTag = (source: string, from: number): number => {
  for (let at = source.indexOf('{', from); at !== -1; at = source.indexOf('{', at + 1)) {
    const next = source[at + 1]
    if (next === '{' || next === '%' || next === '#') return at
  }
  return -1
}

const stripLineStart = (text: string, lineStarting: boolean): string => {
  const start = text.lastIndexOf('\n') + 1
  if (start === 0 && !lineStarting) return text
  return /^[ \t]*$/.test(text.slice(start)) ? text.slice(0, start) : text
}

const rawBlock = (source: string, open: number): { text: string; end: number } | undefined => {
  const start = /^\{%[-+]?\s*raw\s*-?%\}\n?/.exec(source.slice(open, open + 64))?.[0]
  if (start === undefined) return undefined
  const from = open + start.length
  const rest = source.slice(from)
  const end = /\{%[-+]?\s*endraw\s*[-+]?%\}\n?/.exec(rest)
  if (!end) throw syntaxFailure('Missing end of raw directive')
  return { text: rest.slice(0, end.index), end: from + end.index + end[0].length }
}

const literal = (text: string): string =>
  `"${
    text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll(
      '\r',
      '\\r',
    )
  }"`

/** Where the tag that opens at `open` ends; strings and nested braces inside do not end it. */
const endOfTag = (source: string, open: number): number => {
  const kind = source[open + 1]
  if (kind === '#') {
    const end = source.indexOf('#}', open + 2)
    if (end === -1) throw syntaxFailure('Missing end of comment tag')
    return end + 2
  }
  const close = kind === '{' ? '}}' : '%}'
  let depth = 0
  for (let at = open + 2; at < source.length; at++) {
    const character = source[at]
    if (character === '"' || character === "'") {
      at = endOfString(source, at)
      continue
    }
    if (depth === 0 && source.startsWith(close, at)) return at + 2
    if (character === '{') depth++
    if (character === '}') depth = Math.max(0, depth - 1)
  }
  throw syntaxFailure(
    kind === '{'
      ? "unexpected end of template, expected 'end of print statement'."
      : "unexpected end of template, expected 'end of statement block'.",
  )
}

const endOfString = (source: string, start: number): number => {
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === '\\') at++
    else if (source[at] === source[start]) return at
  }
  throw syntaxFailure(`unexpected char ${JSON.stringify(source[start])} at ${start}`)
}

/** Escapes that the parser knows; Python keeps the backslash in front of anything else. */
const knownEscapes = new Set(['n', 't', 'r', 'b', 'f', 'v', "'", '"', '\\'])

const tagText = (tag: string, isBlock: boolean, plusAtEnd: boolean): string => {
  if (tag.startsWith('{#')) return ''
  let text = isBlock && tag[2] === '+' ? `{%${tag.slice(3)}` : tag
  if (plusAtEnd) text = `${text.slice(0, -3)}%}`
  return text.replace(/\\([\s\S])/g, (whole, next: string, at: number) => {
    if (knownEscapes.has(next)) return whole
    const digits = next === 'x' ? 2 : next === 'u' ? 4 : 0
    const isHex = digits > 0 && new RegExp(`^[0-9a-fA-F]{${digits}}`).test(text.slice(at + 2))
    return isHex ? whole : `\\\\${next}`
  })
}
