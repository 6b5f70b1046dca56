/** First in, first out. */
export type Queue<Item> = {
  readonly put: (item: Item) => void
  readonly take: () => Item | undefined
  /** What `take` would give. */
  readonly first: () => Item | undefined
}

/** Taking costs the same however many wait; `Array.shift` moves all that are behind. */
export const createQueue = <Item>(): Queue<Item> => {
  let coming: Item[] = []
  /** The oldest last. */
  let going: Item[] = []
  const turnOver = (): void => {
    if (going.length > 0 || coming.length === 0) return
    going = coming.reverse()
    coming = []
  }
  return {
    put: (item) => {
      coming.push(item)
    },
    take: () => {
      turnOver()
      return going.pop()
    },
    first: () => {
      turnOver()
      return going.at(-1)
    },
  }
}
