/**
 * Where in a channel a command was typed, as one word that travels with it: the thread's first message, or behind a `+`
 * the message itself, below which a thread may be begun. Which of them an answer goes to is decided when it is posted.
 */
export const placeOf = (ts: string, thread: string | undefined): string => thread ?? `+${ts}`

/** `ST2CHATOPS_THREADS`. */
export type ThreadMode = 'never' | 'inherit' | 'always'

/**
 * The `thread_ts` of an answer; undefined for the channel itself.
 *
 * @param wanted the alias asks for a thread (`extra.slack.thread_response`)
 */
export const threadFor = (
  place: string | undefined,
  mode: ThreadMode,
  wanted: boolean,
): string | undefined => {
  if (place === undefined) return undefined
  const mayBegin = place.startsWith('+')
  const yes = wanted || mode === 'always' || (mode === 'inherit' && !mayBegin)
  return yes ? place.slice(mayBegin ? 1 : 0) : undefined
}
