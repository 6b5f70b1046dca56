import { argument, type Filter, string } from './filter-call.ts'
import { titleCase } from './methods.ts'
import { percentFormat } from './operators.ts'
import { pythonJson } from './python-json.ts'
import { asNumber, isDict, truthy } from './values.ts'

const truncate: Filter = (value, call) => {
  const text = string(value, call)
  const limit = asNumber(argument(call, 0, 'length')) ?? 255
  const cutWords = truthy(argument(call, 1, 'killwords') ?? false, 'lenient')
  const end = string(argument(call, 2, 'end') ?? '...', call)
  const leeway = asNumber(argument(call, 3, 'leeway')) ?? 5
  if (text.length <= limit + leeway) return text
  const cut = text.slice(0, limit - end.length)
  return (cutWords ? cut : cut.includes(' ') ? cut.slice(0, cut.lastIndexOf(' ')) : cut) + end
}

const indent: Filter = (value, call) => {
  const width = argument(call, 0, 'width') ?? 4
  const pad = typeof width === 'string' ? width : ' '.repeat(asNumber(width) ?? 4)
  const first = truthy(argument(call, 1, 'first') ?? false, 'lenient')
  const blank = truthy(argument(call, 2, 'blank') ?? false, 'lenient')
  return string(value, call).split('\n').map((line, index) =>
    (index === 0 ? first : blank || line !== '') ? pad + line : line
  ).join('\n')
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
}

const escape: Filter = (value, call) =>
  string(value, call).replace(/[&<>'"]/g, (character) => escapes[character] ?? character)

/** Jinja's filters of texts. */
export const textFilters: Readonly<Record<string, Filter>> = {
  capitalize: (value, call) => {
    const text = string(value, call)
    return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase()
  },
  center: (value, call) => {
    const text = string(value, call)
    const room = Math.max(0, (asNumber(argument(call, 0, 'width')) ?? 80) - text.length)
    return ' '.repeat(Math.floor(room / 2)) + text + ' '.repeat(Math.ceil(room / 2))
  },
  e: escape,
  escape,
  format: (value, call) => percentFormat(string(value, call), call.args, call.strictness),
  indent,
  lower: (value, call) => string(value, call).toLowerCase(),
  replace: (value, call) => {
    const [from, to, times] = call.args.map((item) => item)
    let left = asNumber(times) ?? Number.POSITIVE_INFINITY
    return string(value, call).replaceAll(
      string(from, call),
      (found) => left-- > 0 ? string(to, call) : found,
    )
  },
  safe: (value) => value,
  string: (value, call) => string(value, call),
  striptags: (value, call) =>
    string(value, call).replace(/<[^<>]*>/g, '').replace(/\s+/g, ' ').trim(),
  title: (value, call) => titleCase(string(value, call)),
  tojson: (value, call) =>
    pythonJson(value, { indent: asNumber(argument(call, 0, 'indent')), sortKeys: true })
      .replace(/[<>&']/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
  trim: (value, call) => string(value, call).trim(),
  truncate,
  upper: (value, call) => string(value, call).toUpperCase(),
  urlencode: (value, call) =>
    isDict(value)
      ? Object.entries(value).map((pair) =>
        pair.map((item) => encodeURIComponent(string(item, call))).join('=')
      ).join('&')
      : encodeURIComponent(string(value, call)).replaceAll('%2F', '/'),
  wordcount: (value, call) => string(value, call).split(/\s+/).filter((word) => word !== '').length,
}
