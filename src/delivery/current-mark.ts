import { existsSync, rmSync, writeFileSync } from 'node:fs'

/**
 * A mark beside the journal's file that says: all that the bot has done is in it. It is taken away as soon as the bot goes on without
 * the file. To take an empty file away needs no room, so that also a life that a full disk has driven into memory, and that then
 * dies, leaves word: the file may say of a command that it was not begun, and it ran.
 */
export type CurrentMark = {
  /** Whether the last life left its mark: false also where that could not be made. */
  readonly wasThere: boolean
  /** Call it when something has been committed to the file: before that this life has not written what it knows of the last one. */
  readonly set: () => void
  readonly takeAway: () => void
}

/** The mark of the journal at `path`. None of its functions throws: without a mark the bot looks twice, with needless care. */
export const createCurrentMark = (path: string): CurrentMark => {
  const mark = `${path}-current`
  const wasThere = existsSync(mark)
  let isThere = wasThere
  return {
    wasThere,
    set: () => {
      if (isThere) return
      isThere = true
      quietly(() => writeFileSync(mark, '', { mode: 0o600 }))
    },
    takeAway: () => {
      isThere = false
      quietly(() => rmSync(mark, { force: true }))
    },
  }
}

const quietly = (work: () => void): void => {
  try {
    work()
  } catch {
    // The folder may not be written, or is not there.
  }
}
