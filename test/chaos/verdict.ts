import type { Death } from './processes.ts'
import type { Post } from './recorder-server.ts'

/** An execution as StackStorm's list gives it, as far as it is counted. */
export type Ran = {
  readonly id: string
  readonly action: string
  readonly status: string
  readonly parameters: Readonly<Record<string, unknown>>
  /** As StackStorm writes times, so that they sort as text; undefined: it has not ended. */
  readonly ended?: string
}

/** A message that the bot has reported as undeliverable. */
export type Dead = { readonly channel: string; readonly text: string }

/** All that three witnesses say after the storm: StackStorm, the chat service, and the bot's own journal. */
export type Evidence = {
  /** Words that were typed as commands. */
  readonly typed: readonly string[]
  readonly executions: readonly Ran[]
  readonly posts: readonly Post[]
  readonly dead: readonly Dead[]
  readonly workAction: string
  /** How each of the bot's processes ended, by its id. */
  readonly deaths: ReadonlyMap<number, Death>
  /** `<process> <key>` of each message whose answer from the chat service reached the bot. */
  readonly answered: ReadonlySet<string>
}

/** Why a message came more often than it was announced. */
type Why =
  /** Killed at a random moment, when it had the service's answer and had not written it down. */
  | 'killed'
  /** Killed there on purpose. */
  | 'killed at a fail point'
  /** The service's answer never reached the bot, which was killed or cut off before: no bot can know. */
  | 'answer lost'
  /** One announcement became two messages. */
  | 'taken in twice'

type Repeat = { readonly word: string; readonly why: Why }

export type Verdict = {
  readonly announced: number
  readonly delivered: number
  /** Of `delivered`: formatted by the bot, as StackStorm's own workflow had failed. */
  readonly formattedByUs: number
  readonly undeliverable: number
  /** Words of announcements that are neither delivered nor reported. Must be empty. */
  readonly lost: readonly string[]
  /** Second deliveries, by cause. Must be empty for 'taken in twice'. */
  readonly repeated: Readonly<Record<Why, readonly string[]>>
  /** Announcements that arrived after a later one of their channel. */
  readonly outOfOrder: number
  /** The same among all messages: the result of a command also waits until the command is acknowledged. */
  readonly outOfOrderWithResults: number
  readonly typed: number
  readonly started: number
  /** Words that StackStorm ran more than once. Must be empty. */
  readonly startedTwice: readonly string[]
  /** Commands that did not start, and their author knows. */
  readonly toldNotStarted: number
  /** Commands whose author was told that nobody can tell. */
  readonly toldUnclear: number
  /** Words of commands that did not start and that nobody answered. Must be empty. */
  readonly unanswered: readonly string[]
  /** Words of commands that started although their author was told in so many words that they did not. Must be empty. */
  readonly toldWrongly: readonly string[]
  /** The same where the bot was careful and said "it seems". */
  readonly seemedNotStarted: readonly string[]
}

const wordPattern = /\b[ac]-\d{6}\b/

/** The word that a message is about: its text's, or that of the thread it answers in. */
const wordOf = (...texts: readonly (string | undefined)[]): string | undefined =>
  texts.map((text) => wordPattern.exec(text ?? '')?.[0]).find((word) => word !== undefined)

const countBy = <Item>(
  items: readonly Item[],
  key: (item: Item) => string | undefined,
): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const item of items) {
    const name = key(item)
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

const compare = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0

const isResult = ({ kind }: Post): boolean => kind === 'result'

/** The deliveries of each word beyond the announced number, and why each happened. */
const repeats = (
  results: readonly Post[],
  announced: (word: string) => number,
  { deaths, answered }: Pick<Evidence, 'deaths' | 'answered'>,
): readonly Repeat[] => {
  const found: Repeat[] = []
  const before = new Map<string, Post>()
  const messages = new Map<string, Set<string>>()
  for (const post of results) {
    const word = wordOf(post.text)
    if (word === undefined) continue
    const earlier = before.get(post.key)
    before.set(post.key, post)
    if (earlier !== undefined) {
      const killed = deaths.get(earlier.process) === 'fail point'
        ? 'killed at a fail point'
        : 'killed'
      // Who tries again by itself has had no answer.
      const knew = earlier.process !== post.process &&
        answered.has(`${earlier.process} ${earlier.key}`)
      found.push({ word, why: knew ? killed : 'answer lost' })
      continue
    }
    const keys = messages.get(word) ?? new Set()
    messages.set(word, keys.add(post.key))
    if (keys.size > announced(word)) found.push({ word, why: 'taken in twice' })
  }
  return found
}

/** First deliveries that came after a delivery of something that StackStorm announced later in the same channel. */
const countOutOfOrder = (
  results: readonly Post[],
  rank: (word: string) => number | undefined,
): number => {
  const seen = new Set<string>()
  const latest = new Map<string, number>()
  let late = 0
  for (const { text, channel } of results) {
    const word = wordOf(text)
    const place = word === undefined ? undefined : rank(word)
    if (word === undefined || place === undefined || seen.has(word)) continue
    seen.add(word)
    const last = latest.get(channel) ?? -1
    if (place < last) late++
    else latest.set(channel, place)
  }
  return late
}

const saysNotStarted = /was not started|nothing was started|did not run/i
const saysItSeems = /it seems/i
const saysUnclear = /cannot tell/i

/** Counts what became of every announcement and every command. */
export const judge = (evidence: Evidence): Verdict => {
  const { typed, executions, posts, dead, workAction } = evidence
  const announcements = executions
    .filter(({ action, status }) => action === 'chatops.post_message' && status === 'succeeded')
    .toSorted((a, b) => compare(a.ended ?? '', b.ended ?? ''))
  const words = announcements.map(({ parameters }) => wordOf(String(parameters.message)))
  const announced = countBy(words, (word) => word)
  const ranks = new Map(words.flatMap((word, place) => word === undefined ? [] : [[word, place]]))

  // A result that StackStorm's workflow could not announce is the bot's to tell.
  const works = executions.filter(({ action }) => action === workAction)
  const workWord = ({ parameters }: Ran) => wordOf(String(parameters.word))
  const started = countBy(works, workWord)
  const failedResults = new Set(
    executions
      .filter(({ action, status }) => action === 'chatops.post_result' && status === 'failed')
      .map(({ parameters }) => String(parameters.execution_id)),
  )
  const ours = works.filter(({ id }) => failedResults.has(id)).map(workWord)
  const expected = new Map(announced)
  for (const word of ours) {
    if (word !== undefined) expected.set(word, (expected.get(word) ?? 0) + 1)
  }

  const results = posts.filter(isResult)
  const keysOf = new Map<string, Set<string>>()
  for (const { text, key } of results) {
    const word = wordOf(text)
    if (word !== undefined) keysOf.set(word, (keysOf.get(word) ?? new Set()).add(key))
  }
  const reported = countBy(dead, ({ text }) => wordOf(text))
  const deliveredOf = (word: string) =>
    Math.min(keysOf.get(word)?.size ?? 0, expected.get(word) ?? 0)
  const lost = [...expected].flatMap(([word, count]) => {
    const missing = count - deliveredOf(word) - (reported.get(word) ?? 0)
    return Array.from({ length: Math.max(0, missing) }, () => word)
  })

  const repeated = repeats(results, (word) => expected.get(word) ?? 0, evidence)
  const because = (why: Why) => repeated.filter((one) => one.why === why).map(({ word }) => word)

  const answers = new Map<string, string[]>()
  for (const { kind, text, thread } of posts) {
    const word = wordOf(thread, text)
    if (kind === 'result' || kind === 'acknowledgement' || word === undefined) continue
    answers.set(word, [...(answers.get(word) ?? []), text])
  }
  for (const { text } of dead) {
    const word = wordOf(text)
    if (word !== undefined) answers.set(word, [...(answers.get(word) ?? []), text])
  }
  const told = (word: string, pattern: RegExp) =>
    (answers.get(word) ?? []).some((text) => pattern.test(text))
  const idle = typed.filter((word) => !started.has(word))
  const wrongly = typed.filter((word) => started.has(word) && told(word, saysNotStarted))

  return {
    announced: [...expected.values()].reduce((sum, count) => sum + count, 0),
    delivered: [...expected.keys()].reduce((sum, word) => sum + deliveredOf(word), 0),
    formattedByUs: ours.length,
    undeliverable: [...reported].reduce(
      (sum, [word, count]) => sum + Math.min(count, expected.get(word) ?? 0),
      0,
    ),
    lost,
    repeated: {
      killed: because('killed'),
      'killed at a fail point': because('killed at a fail point'),
      'answer lost': because('answer lost'),
      'taken in twice': because('taken in twice'),
    },
    outOfOrder: countOutOfOrder(
      results,
      (word) => word.startsWith('a') ? ranks.get(word) : undefined,
    ),
    outOfOrderWithResults: countOutOfOrder(results, (word) => ranks.get(word)),
    typed: typed.length,
    started: started.size,
    startedTwice: [...started].flatMap(([word, count]) => count > 1 ? [word] : []),
    toldNotStarted: idle.filter((word) => told(word, saysNotStarted)).length,
    toldUnclear:
      idle.filter((word) => !told(word, saysNotStarted) && told(word, saysUnclear)).length,
    unanswered: idle.filter((word) => !answers.has(word)),
    toldWrongly: wrongly.filter((word) => !told(word, saysItSeems)),
    seemedNotStarted: wrongly.filter((word) => told(word, saysItSeems)),
  }
}
