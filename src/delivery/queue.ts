/** First in, first out. */
export type Queue<Item> = {
  readonly put: (item: Item) => void
  readonly take: () => Item | undefined
}

/** Taking costs the same however many wait; `Array.shift` moves all that are behind. */
export const createQueue = <Item>(): Queue<Item> => {
  let coming: Item[] = []
  /** The oldest last. */
  let going: Item[] = []
  return {
    put: (item) => {
      coming.push(item)
    },
    take: () => {
      if (going.length === 0 && coming.length > 0) {
        going = coming.reverse()
        coming = []
      }
      return going.pop()
    },
  }
}
