import { fullGC } from 'bun:jsc'
import { nextTurn } from '../next-turn.ts'

/** What the engine is asked to do about its memory. */
export type Memory = {
  /** Collects all garbage; settles when that is over. */
  readonly collect: () => Promise<void>
  /** From now on what runs often is compiled: see `jitPolicy` in `compile.ts`. */
  readonly compile: () => void
}

/**
 * The engine's memory, as long as a bot is quiet and once it is busy. A quiet one has nothing compiled that would be missed: the engine
 * forgets what it has of each function beside its bytecode, which is read again when the function is called next, and gives back more than
 * a collection does (1 MB with 50 and with 10,000 formats, for 4 to 7 ms). A busy one is collected without the sweeping of `Bun.gc(true)`, which the
 * engine does piece by piece: half as long, and as much comes back.
 */
export const createMemory = (): Memory => {
  let isBusy = false
  return {
    collect: async () => {
      if (isBusy) return void fullGC()
      Bun.shrink()
      // The engine does it when nothing runs.
      await nextTurn()
    },
    compile: () => {
      isBusy = true
      Bun.unsafe.setJITPolicy(1)
    },
  }
}
