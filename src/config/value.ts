import type { Option } from './option.ts'

/** What a value became: itself in the type that its row asks for, or why it cannot. */
export type ReadValue =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly what: string; readonly advice: string }

const off = new Set(['false', '0', 'no', 'off'])

const fail = (option: Option, text: string, kind: string, advice: string): ReadValue => ({
  ok: false,
  // A secret must not come out through its own error message.
  what: option.secret || option.secretPart ? `is ${kind}` : `is ${kind}: ${JSON.stringify(text)}`,
  advice,
})

const readNumber = (option: Option, text: string, pattern: RegExp, most: number): ReadValue => {
  const number = Number(text)
  const least = option.minimum ?? 0
  if (pattern.test(text) && number >= least && number <= most) return { ok: true, value: number }
  const range = most === Infinity ? `${least} or more` : `${least} to ${most}`
  return fail(option, text, 'not such a number', `write a number, ${range}`)
}

const readUrl = (option: Option, text: string): ReadValue => {
  // The template writes https:// in front of ST2_HOSTNAME, which somebody may have given a scheme too.
  const doubled = /^https?:\/\/https?:/i.test(text)
  if (/^https?:\/\/[^/]/i.test(text) && !doubled && URL.canParse(text)) {
    return { ok: true, value: text }
  }
  return fail(option, text, 'not an address', 'write it with its scheme, as https://host/path')
}

const readJson = (option: Option, text: string): ReadValue => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { ok: true, value }
    }
  } catch {
    // Told below in the words of the one who wrote the variable, not of the JSON reader.
  }
  return fail(option, text, 'not an object in JSON', `write it as '{"name": "value"}'`)
}

/** Reads a value as its row says. The text is not empty: an empty one counts as unset. */
export const readValue = (option: Option, raw: string): ReadValue => {
  const { type } = option
  if (type === 'string') return { ok: true, value: raw }
  const text = raw.trim()
  if (typeof type === 'object') {
    const choice = type.choice.find((one) => one.toLowerCase() === text.toLowerCase())
    return choice === undefined
      ? fail(option, text, 'not one of the choices', `write one of ${type.choice.join(', ')}`)
      : { ok: true, value: choice }
  }
  switch (type) {
    case 'integer':
      return readNumber(option, text, /^\d+$/, Number.MAX_SAFE_INTEGER)
    case 'port':
      return readNumber(option, text, /^\d+$/, 65_535)
    case 'milliseconds':
    case 'seconds':
      return readNumber(option, text, /^\d+(\.\d+)?$/, Infinity)
    case 'switch':
      return { ok: true, value: !off.has(text.toLowerCase()) }
    case 'list':
      return { ok: true, value: text.split(',').map((item) => item.trim()).filter(Boolean) }
    case 'url':
      return readUrl(option, text)
    case 'json':
      return readJson(option, text)
    case 'path':
      return text.startsWith('/')
        ? { ok: true, value: text }
        : fail(option, text, 'not an absolute path', 'write the whole path, from / on')
  }
}
