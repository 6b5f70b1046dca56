/** Ten times what Slack's deepest blocks need; whoever takes a value apart level by level can still do so. */
export const deepest = 100

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Whether a value holds objects and lists in more than `deepest` levels. Goes level by level, because what it looks for breaks recursion. */
export const isTooDeep = (value: unknown): boolean => {
  let level = [value].filter(isNested)
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return true
    level = level.flatMap((one): readonly unknown[] => Object.values(one)).filter(isNested)
  }
  return false
}
