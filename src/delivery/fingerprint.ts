/** 132 bits, in base64url: each row of the journal has it twice. */
const length = 22

/**
 * A fingerprint of an announcement: the same for the stream's event and for the execution that made it, whatever the order of
 * the keys and whether an empty field is null or left out.
 */
export const fingerprint = (announcement: object): string =>
  Bun.CryptoHasher.hash('sha256', JSON.stringify(sorted(announcement)), 'base64url')
    .slice(0, length)

const sorted = (value: object): object => {
  if (Array.isArray(value)) return value.map(sortedField)
  const fields = value as Readonly<Record<string, unknown>>
  // Without a prototype `__proto__` is a key like any other.
  const copy: Record<string, unknown> = Object.create(null)
  for (const name of Object.keys(fields).sort()) {
    const field = fields[name]
    if (field !== null && field !== undefined) copy[name] = sortedField(field)
  }
  return copy
}

const sortedField = (field: unknown): unknown =>
  typeof field === 'object' && field !== null ? sorted(field) : field
