import { namesOf } from './names.ts'
import type { Option } from './option.ts'
import { restartMark } from './process.ts'
import type { Variables } from './variables.ts'

/** Read by StackStorm's own programs (the `st2` client, action runners), and our own mark. */
const foreign = new Set([
  'ST2_BASE_URL',
  'ST2_API_VERSION',
  'ST2_CACERT',
  'ST2_CONFIG_FILE',
  'ST2_CONFIG_PATH',
  'ST2_BASIC_AUTH',
  'ST2_DEBUG',
  'ST2_COLORIZE',
  'ST2_SILENCE_SSL_WARNINGS',
  'ST2_REPO_PATH',
  restartMark,
])

/** `ST2_ACTION_...` is what an action runner gives its actions; the rest is Kubernetes' service links. */
const foreignPattern =
  /^ST2_ACTION_|_SERVICE_(HOST|PORT)(_\w+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_\w+)?$|_TCP_ADDR$/

/** Prefixes that only this program and what it replaces use: another name with one is a typing error. */
const ours = new Set([
  'ST2',
  'HUBOT',
  'ST2CHATOPS',
  'EXPRESS',
  'BOTBUILDER',
  'MATTERMOST',
  'ROCKETCHAT',
  'FLOWDOCK',
])

const prefixOf = (name: string): string => name.slice(0, name.indexOf('_'))

/** Levenshtein's distance: how many letters to change, add or drop. */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const changed = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}

const secondWord = (name: string): string => name.split('_')[1] ?? ''

/**
 * Whether one name may be meant by another that is so many letters away. A sixth of the letters may be wrong, and a third where the second
 * word is alike: what else differs, as HUBOT_YAMMER_TOKEN from HUBOT_SLACK_TOKEN does, is about something else.
 */
const isNear = (name: string, one: string, far: number): boolean => {
  if (far <= name.length / 6) return true
  const second = secondWord(name)
  return far < name.length / 3 && distance(second, secondWord(one)) <= second.length / 2
}

/** The known name that is nearest, when it is near enough to be meant. */
const nearestName = (name: string, known: Iterable<string>): string | undefined => {
  let best: string | undefined
  let least = Infinity
  for (const one of known) {
    const far = distance(name, one)
    if (far < least && isNear(name, one, far)) [best, least] = [one, far]
  }
  return best
}

/** A warning for each variable that looks like ours and is not known: mostly a typing error. */
export const warnOfUnknown = (options: readonly Option[], variables: Variables): string[] => {
  const names = new Set(options.flatMap(namesOf))
  return [...variables]
    .filter(([name]) => ours.has(prefixOf(name)) && !names.has(name))
    .filter(([name]) => !foreign.has(name) && !foreignPattern.test(name))
    .map(([name, { source }]) => {
      const nearest = nearestName(name, names)
      const advice = nearest === undefined ? 'it has no effect' : `did you mean ${nearest}?`
      return `${source}: ${name} is not a variable of st2chatops; ${advice}`
    })
}
