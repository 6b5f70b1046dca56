/** Ten times what Slack's deepest blocks need; whoever takes a value apart level by level can still do so. */
export const deepest = 100

/** Whether a value holds objects and lists in more than so many levels, `deepest` unless told. Looks no deeper than that, as deep values break recursion. */
export const isTooDeep = (value: unknown, levels = deepest): boolean =>
  isNested(value) && (levels === 0 || isDeeper(value, levels))

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null

/** `levels` is 1 at least. Each announcement passes here: a loop over a list's places would cost ten times as much. */
const isDeeper = (value: object, levels: number): boolean => {
  if (Array.isArray(value)) {
    return value.some((one) => isNested(one) && (levels === 1 || isDeeper(one, levels - 1)))
  }
  for (const name in value) {
    const field = (value as Readonly<Record<string, unknown>>)[name]
    if (isNested(field) && (levels === 1 || isDeeper(field, levels - 1))) return true
  }
  return false
}
