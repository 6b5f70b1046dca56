/** Numerics that refuse a nick: taken (433), its owner elsewhere has it (436), held back for now (437), not a nick (432). */
export const nickTaken: ReadonlySet<string> = new Set(['433', '436', '437'])
export const nickBad = '432'

/** The shortest length that a network allows nicks (RFC 1459, section 1.2). */
const shortest = 9
/** A network on which so many of our nicks are taken has another trouble. */
export const mostNicks = 20

/**
 * What to try when the wanted nick is taken: a number behind it, as the old bot did; where that is too long for the server,
 * behind its beginning.
 */
export const nickFor = (wanted: string, attempt: number, short: boolean): string => {
  if (attempt === 0) return wanted
  const number = String(attempt)
  return (short ? wanted.slice(0, shortest - number.length) : wanted) + number
}
