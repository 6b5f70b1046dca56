/** RFC 3454, table C.1.2: spaces that are not the usual one. */
const spaces = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g
/** RFC 3454, table B.1: what people do not see. */
const invisible = /[\u00ad\u034f\u1806\u180b-\u180d\u200c\u200d\u2060\ufe00-\ufe0f\ufeff]/g

/**
 * A name or a password as SCRAM hashes it (RFC 4013, sections 2.1 and 2.2): servers prepare theirs so, and the same letters
 * must come out on both sides. What it forbids is left for the server to refuse.
 */
export const saslPrep = (text: string): string =>
  text.replace(spaces, ' ').replace(invisible, '').normalize('NFKC')
