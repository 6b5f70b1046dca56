// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import { RE2JS } from 're2js'
import { parse as parseYaml, stringify as stringifyYaml } from 'yaml'
import { humanTime } from '../../stackstorm/default-result.ts'
import { otherFailure } from './failure.ts'
import { argument, type Filter, type FilterCall, string } from './filter-call.ts'
import { queryPath } from './json-path.ts'
import { pythonJson } from './python-json.ts'
import { asNumber, truthy } from './values.ts'

/** Alias authors write these patterns, so they run on an engine that needs linear time. */
const pattern = (source: unknown, ignoreCase: unknown): RE2JS =>
  RE2JS.compile(String(source), truthy(ignoreCase ?? false, 'lenient') ? RE2JS.CASE_INSENSITIVE : 0)

type Version = { readonly numbers: readonly [number, number, number]; readonly suffix: string }

const version = (value: unknown, call: FilterCall): Version => {
  const parts = /^(\d+)\.(\d+)\.(\d+)(.*)$/.exec(string(value, call))
  if (!parts) throw otherFailure(`${string(value, call)} is not valid SemVer string`)
  return {
    numbers: [Number(parts[1]), Number(parts[2]), Number(parts[3])],
    suffix: parts[4] ?? '',
  }
}

const order = (a: Version, b: Version): number => {
  for (const index of [0, 1, 2] as const) {
    const difference = a.numbers[index] - b.numbers[index]
    if (difference !== 0) return Math.sign(difference)
  }
  // A pre-release (`-rc1`) comes before the release itself.
  if (a.suffix === b.suffix) return 0
  if (a.suffix === '') return 1
  if (b.suffix === '') return -1
  return a.suffix < b.suffix ? -1 : 1
}

const compareVersions = (value: unknown, call: FilterCall): number =>
  order(version(value, call), version(call.args[0], call))

const matchesVersion: Filter = (value, call) => {
  const expression = string(call.args[0], call)
  const [, operator = '==', wanted = ''] = /^\s*(<=|>=|==|!=|<|>|=)?\s*(.*)$/.exec(expression) ?? []
  const result = order(version(value, call), version(wanted, call))
  switch (operator) {
    case '<':
      return result < 0
    case '<=':
      return result <= 0
    case '>':
      return result > 0
    case '>=':
      return result >= 0
    case '!=':
      return result !== 0
    default:
      return result === 0
  }
}

const bump = (place: 0 | 1 | 2): Filter => (value, call) =>
  version(value, call).numbers.map((number, index) =>
    index < place ? number : index === place ? number + 1 : 0
  ).join('.')

/** StackStorm's own filters, under the names that its documentation lists. */
export const stackstormFilters: Readonly<Record<string, Filter>> = {
  basename: (value, call) => string(value, call).split('/').at(-1) ?? '',
  dirname: (value, call) => string(value, call).split('/').slice(0, -1).join('/'),
  decrypt_kv: () => {
    throw otherFailure('decrypt_kv needs the datastore of a real StackStorm')
  },
  from_json_string: (value, call) => {
    try {
      return JSON.parse(string(value, call))
    } catch (cause) {
      throw otherFailure(`from_json_string: ${cause instanceof Error ? cause.message : cause}`)
    }
  },
  from_yaml_string: (value, call) => parseYaml(string(value, call)),
  json_escape: (value) => pythonJson(value).replace(/^"+|"+$/g, ''),
  json_dump: (value) => pythonJson(value),
  json_parse: (value, call) => JSON.parse(string(value, call)),
  yaml_dump: (value) => stringifyYaml(value),
  yaml_parse: (value, call) => parseYaml(string(value, call)),
  jsonpath_query: (value, call) => queryPath(value, string(call.args[0], call)),
  regex_match: (value, call) =>
    pattern(argument(call, 0, 'pattern'), argument(call, 1, 'ignorecase'))
      .matcher(string(value, call)).lookingAt(),
  regex_search: (value, call) =>
    pattern(argument(call, 0, 'pattern'), argument(call, 1, 'ignorecase'))
      .matcher(string(value, call)).find(),
  regex_replace: (value, call) =>
    pattern(argument(call, 0, 'pattern'), argument(call, 2, 'ignorecase'))
      .matcher(string(value, call))
      // Python writes groups as \1, the engine as $1.
      .replaceAll(
        string(argument(call, 1, 'replacement') ?? '', call)
          .replaceAll('$', '\\$').replace(/\\(\d)/g, '$$$1'),
      ),
  regex_substring: (value, call) => {
    const wanted = asNumber(argument(call, 1, 'result_index')) ?? 0
    const matcher = pattern(argument(call, 0, 'pattern'), argument(call, 2, 'ignorecase'))
      .matcher(string(value, call))
    for (let index = 0; matcher.find(); index++) if (index === wanted) return matcher.group()
    throw otherFailure('list index out of range')
  },
  to_complex: (value) => pythonJson(value),
  to_human_time_from_seconds: (value) => {
    const seconds = asNumber(value)
    if (seconds === undefined) throw otherFailure('to_human_time_from_seconds needs a number')
    return humanTime(seconds)
  },
  to_json_string: (value, call) =>
    pythonJson(value, {
      indent: asNumber(argument(call, 0, 'indent')),
      sortKeys: truthy(argument(call, 1, 'sort_keys') ?? false, 'lenient'),
      separators: [',', ': '],
    }),
  to_yaml_string: (value) => stringifyYaml(value, { sortMapEntries: true }),
  use_none: (value) => value === null ? '%*****__%NONE%__*****%' : value,
  version_bump_major: bump(0),
  version_bump_minor: bump(1),
  version_bump_patch: bump(2),
  version_compare: compareVersions,
  version_equal: (value, call) => compareVersions(value, call) === 0,
  version_less_than: (value, call) => compareVersions(value, call) < 0,
  version_match: matchesVersion,
  version_more_than: (value, call) => compareVersions(value, call) > 0,
  version_strip_patch: (value, call) => version(value, call).numbers.slice(0, 2).join('.'),
}
