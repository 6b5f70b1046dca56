/**
 * A fingerprint of an announcement: the same for the stream's event and for the execution that made it, whatever the order of
 * the keys and whether an empty field is null or left out.
 */
export const fingerprint = (announcement: object): string =>
  Bun.CryptoHasher.hash('sha256', canonical(announcement), 'base64url')

const canonical = (value: unknown): string => JSON.stringify(sorted(value)) ?? 'null'

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
    .filter(([, field]) => field !== null && field !== undefined)
    .map(([name, field]) => [name, sorted(field)] as const)
    .sort(([left], [right]) => left < right ? -1 : 1)
  return Object.fromEntries(entries)
}
