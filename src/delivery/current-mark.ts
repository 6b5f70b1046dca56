import { existsSync, rmSync, writeFileSync } from 'node:fs'

/**
 * A mark beside the journal's file that says: all that the bot has done is in it. It is taken away as soon as the bot goes on without
 * the file. To take an empty file away needs no room, so that also a life that a full disk has driven into memory, and that then
 * dies, leaves word: the file may say of a command that it was not begun, and it ran.
 */
export type CurrentMark = {
  /** Whether the last life left its mark: false also where that could not be made. */
  readonly wasThere: boolean
  readonly set: () => void
  readonly takeAway: () => void
}

/** The mark of the journal at `path`. None of its functions throws: without a mark the bot looks twice, with needless care. */
export const createCurrentMark = (path: string): CurrentMark => {
  const mark = `${path}-current`
  return {
    wasThere: existsSync(mark),
    set: () => quietly(() => writeFileSync(mark, '', { mode: 0o600 })),
    takeAway: () => quietly(() => rmSync(mark, { force: true })),
  }
}

const quietly = (work: () => void): void => {
  try {
    work()
  } catch {
    // The folder may not be written, or is not there.
  }
}
