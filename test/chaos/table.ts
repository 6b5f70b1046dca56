import type { StormResult } from './storm.ts'

const some = (words: readonly string[]): string =>
  words.length === 0 ? '' : `  ${words.slice(0, 12).join(' ')}${words.length > 12 ? ' ...' : ''}`

const killsOf = ({ deaths }: StormResult): number =>
  deaths.kills + [...deaths.failPoints.values()].reduce((sum, count) => sum + count, 0)

/**
 * How many in a hundred kills made a message come twice by the bot's own fault: it had the service's answer and died before it had
 * written that down. Kills that were placed there on purpose and answers that never arrived are counted apart: they
 * repeat a message by the nature of "at least once".
 */
export const repeatedPerHundredKills = (result: StormResult): number =>
  100 * result.verdict.repeated.killed.length / Math.max(1, killsOf(result))

/** From so many kills on their share of repeated messages says something. */
const enoughKills = 100

/** What is wrong, in words; empty when every promise was kept. */
export const brokenPromises = (result: StormResult): readonly string[] => {
  const { verdict, deaths } = result
  const must: readonly (readonly [boolean, string])[] = [
    [verdict.lost.length > 0, 'announcements were lost'],
    [verdict.startedTwice.length > 0, 'commands were started twice'],
    [verdict.repeated['taken in twice'].length > 0, 'an announcement became two messages'],
    [verdict.unanswered.length > 0, 'commands neither started nor were answered'],
    [verdict.toldWrongly.length > 0, 'people were told that nothing ran, and it ran'],
    [
      killsOf(result) >= enoughKills && repeatedPerHundredKills(result) >= 1,
      'messages came twice after 1 % of the kills or more',
    ],
    [deaths.crashes.length > 0, 'the bot ended by itself'],
    [deaths.hung > 0, 'the bot did not end when it was asked to'],
  ]
  return must.flatMap(([broken, words]) => broken ? [words] : [])
}

/** The account of a storm, for a person. */
export const renderTable = (result: StormResult): string => {
  const { verdict, deaths, events, outages } = result
  const redelivered = events.filter(({ delivered }) => delivered.length > 1).length
  const points = [...deaths.failPoints].toSorted()
  const rows: readonly (readonly [string, number | string, string?])[] = [
    ['kills at random moments', deaths.kills],
    ['kills at fail points', points.reduce((sum, [, count]) => sum + count, 0)],
    ...points.map(([name, count]) => [`  ${name}`, count] as const),
    ['restarts by SIGTERM', deaths.terminations],
    ['outages', outages],
    ['ended by itself (must be 0)', deaths.crashes.length, some(deaths.crashes)],
    ['hung at SIGTERM (must be 0)', deaths.hung],
    ['', ''],
    ['announced', verdict.announced],
    ['delivered', verdict.delivered],
    ['  of these formatted by the bot', verdict.formattedByUs],
    [
      'delivered again: random kill',
      verdict.repeated.killed.length,
      `  ${repeatedPerHundredKills(result).toFixed(1)} per 100 kills`,
    ],
    ['delivered again: killed on purpose', verdict.repeated['killed at a fail point'].length],
    ['delivered again: answer was lost', verdict.repeated['answer lost'].length],
    [
      'taken in twice (must be 0)',
      verdict.repeated['taken in twice'].length,
      some(verdict.repeated['taken in twice']),
    ],
    ['reported undeliverable', verdict.undeliverable],
    ['LOST (must be 0)', verdict.lost.length, some(verdict.lost)],
    ['announcements out of order', verdict.outOfOrder],
    ['  counting results of commands too', verdict.outOfOrderWithResults],
    ['', ''],
    ['commands typed', verdict.typed],
    ['  of these delivered again by the chat', redelivered],
    ['executions started', verdict.started],
    ['STARTED TWICE (must be 0)', verdict.startedTwice.length, some(verdict.startedTwice)],
    ['told: not started', verdict.toldNotStarted],
    ['told: nobody can tell', verdict.toldUnclear],
    ['unanswered (must be 0)', verdict.unanswered.length, some(verdict.unanswered)],
    [
      'told wrongly: not started (must be 0)',
      verdict.toldWrongly.length,
      some(verdict.toldWrongly),
    ],
    [
      'told "it seems not", but started',
      verdict.seemedNotStarted.length,
      some(verdict.seemedNotStarted),
    ],
  ]
  return rows.map(([name, value, more = '']) =>
    name === '' ? '' : `${name.padEnd(40)}${String(value).padStart(6)}${more}`
  ).join('\n')
}
