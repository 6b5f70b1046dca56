// Set by the tests that kill the bot between two steps, in their own build of it alone; `compile.ts` makes it undefined.
declare const ST2CHATOPS_FAIL_POINT: ((name: string) => void) | undefined

/**
 * Names a moment at which the process may die without a promise being broken, such as `command: written`.
 * Does nothing in a normal build.
 */
export const failPoint = (name: string): void => {
  if (typeof ST2CHATOPS_FAIL_POINT === 'function') ST2CHATOPS_FAIL_POINT(name)
}
