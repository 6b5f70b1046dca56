import { chooseCredentials, noCredentials } from './credentials.ts'
import type { Problem } from './error.ts'
import type { OptionValues } from './option.ts'
import type { coreOptions } from './options.ts'
import type { Resolved } from './resolve.ts'

/** What the template writes where a person must write. */
export const placeholder = 'CHANGE-ME-PLEASE'

/** What is wrong with a row that is in use: at most one problem. */
export const checkRow = (
  { option, found, under, value, problem }: Resolved,
): readonly Problem[] => {
  if (option.ignored !== undefined) return []
  const name = under ?? option.name
  if (found?.value.includes(placeholder)) {
    const what = `still holds ${placeholder}`
    const advice = 'write your own value, or put # in front of the line'
    return [{ name, source: found.source, what, advice }]
  }
  if (problem !== undefined) return [problem]
  // Commas with nothing between them name nobody.
  const isEmpty = Array.isArray(value) && value.length === 0
  if ((found === undefined || isEmpty) && option.required) {
    const help = option.help.replace(/\.$/, '')
    const what = found === undefined ? 'is not set' : 'names nothing'
    return [{
      name,
      ...(found !== undefined && { source: found.source }),
      what,
      advice: `it is needed: ${help}`,
    }]
  }
  return []
}

const credentialNames = ['ST2_API_KEY', 'ST2_AUTH_TOKEN', 'ST2_AUTH_USERNAME', 'ST2_AUTH_PASSWORD']

/** The variables that the credentials in use come from: the others may hold what they like. */
const usedCredentials = (core: OptionValues<typeof coreOptions>): readonly string[] => {
  switch (chooseCredentials(core)?.kind) {
    case 'api-key':
      return ['ST2_API_KEY']
    case 'token':
      return ['ST2_AUTH_TOKEN']
    case 'password':
      return ['ST2_AUTH_USERNAME', 'ST2_AUTH_PASSWORD']
    case undefined:
      return credentialNames
  }
}

/** Keys and tokens travel in a header, which takes no line break and no letter beyond ASCII: no request would ever leave. */
const checkHeaders = (
  rows: readonly Resolved[],
  used: readonly string[],
): readonly Problem[] =>
  rows.flatMap(({ option: { name }, found }): readonly Problem[] => {
    if (found === undefined || !used.includes(name)) return []
    if (!headerNames.includes(name) || !/[^\t -~]/.test(found.value)) return []
    const what = 'holds a line break or a character that no key and no token has'
    return [{ name, source: found.source, what, advice: 'write it alone, on one line' }]
  })

const headerNames = ['ST2_API_KEY', 'ST2_AUTH_TOKEN']

/** A name, an IPv4 or IPv6 address, with or without a port; no address with a scheme or a path. */
const isHost = (name: string): boolean =>
  !/[/\s?#@]/.test(name) &&
  URL.canParse(`https://${name.replace(/^([^[\]]*:[^[\]]*:.*)$/, '[$1]')}`)

/**
 * What is wrong with the core's values. StackStorm's are looked at only where it is needed; that there are no credentials is
 * worth no word where a file of one could not be read.
 */
export const checkCore = (
  rows: readonly Resolved[],
  core: OptionValues<typeof coreOptions>,
  stackStorm: boolean,
  unread: ReadonlySet<string> = new Set(),
): readonly Problem[] => {
  const used = usedCredentials(core)
  const problems = rows
    .filter(({ option: { name } }) =>
      stackStorm ? !credentialNames.includes(name) || used.includes(name) : !name.startsWith('ST2_')
    )
    .flatMap(checkRow)
  if (!stackStorm) return problems
  problems.push(...checkHeaders(rows, used))
  const isBlamed = credentialNames.some((name) => unread.has(name))
  if (chooseCredentials(core) === undefined && !isBlamed) problems.push(noCredentials)
  if (problems.length === 0 && !isHost(core.ST2_HOSTNAME)) {
    const what = `is not a host: ${JSON.stringify(core.ST2_HOSTNAME)}`
    const advice = 'write its name or IP address alone; addresses go into ST2_API_URL'
    problems.push({ name: 'ST2_HOSTNAME', what, advice })
  }
  return problems
}
