/** How a network compares names: `CASEMAPPING` of RPL_ISUPPORT. */
export type CaseMapping = 'ascii' | 'rfc1459' | 'rfc1459-strict'

const rfcPairs: Readonly<Record<string, string>> = { '[': '{', ']': '}', '\\': '|', '~': '^' }

const lower = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/**
 * A name in the form in which two spellings of it are equal (modern.ircdocs.horse, "CASEMAPPING"). Letters outside ASCII stay
 * as they are: servers do not fold them.
 */
export const fold = (name: string, mapping: CaseMapping): string => {
  if (mapping === 'ascii') return lower(name)
  const tilde = mapping === 'rfc1459'
  return lower(name).replace(
    /[[\]\\~]/g,
    (sign) => sign === '~' && !tilde ? sign : rfcPairs[sign] ?? sign,
  )
}
