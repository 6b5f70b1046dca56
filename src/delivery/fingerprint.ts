/** 132 bits, in base64url: each row of the journal has it twice. */
const length = 22

/**
 * A fingerprint of an announcement: the same for the stream's event and for the execution that made it, whatever the order of
 * the keys and whether an empty field is null or left out.
 */
export const fingerprint = (announcement: object): string =>
  Bun.CryptoHasher.hash(
    'sha256',
    JSON.stringify(isSorted(announcement) ? announcement : sorted(announcement)),
    'base64url',
  ).slice(0, length)

/** Whether `sorted` would give the same. Most announcements are short and in order: to look is cheaper than to copy. */
const isSorted = (value: object): boolean => {
  if (Array.isArray(value)) return value.every(isSortedField)
  let last = ''
  for (const name in value) {
    const field = (value as Readonly<Record<string, unknown>>)[name]
    if (name < last || field === null || field === undefined || !isSortedField(field)) return false
    last = name
  }
  return true
}

const isSortedField = (field: unknown): boolean =>
  typeof field !== 'object' || field === null || isSorted(field)

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
