/** Finds the longest time that an event loop stands still: a timer of 1 ms that comes late. */
export const monitorLoop = () => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let longest = 0
  let last = 0
  const look = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last - 1)
    last = now
    timer = setTimeout(look, 1)
  }
  return {
    start: (): void => {
      longest = 0
      last = performance.now()
      timer = setTimeout(look, 1)
    },
    /** The longest, in ms. */
    stop: (): number => {
      longest = Math.max(longest, performance.now() - last - 1)
      clearTimeout(timer)
      return longest
    },
  }
}
