import { ConnectionLost } from '../../src/chat/connection-failures.ts'

/** Bytes of one element, before the bot is logged in and after it; servers take 64 to 512 KiB from their clients. */
const longest = { before: 256 * 1024, after: 1024 * 1024 } as const

/** Counts what comes in, so that an element without an end takes neither all memory nor all time. */
export type Ration = {
  /** So many bytes have come in. Gives why the connection must end, when they are too many for one element. */
  readonly take: (bytes: number) => ConnectionLost | undefined
  /** An element is whole. */
  readonly renew: () => void
  /** The bot is logged in. */
  readonly raise: () => void
}

export const createRation = (): Ration => {
  let most: number = longest.before
  let taken = 0
  return {
    take: (bytes) => {
      taken += bytes
      return taken <= most
        ? undefined
        : new ConnectionLost(`The server sent more than ${most / 1024} KiB in one piece.`)
    },
    renew: () => {
      taken = 0
    },
    raise: () => {
      most = longest.after
    },
  }
}
