/** More unfinished messages than this are in trouble that no memory heals. */
const rememberAtMost = 1_000

/** How far each message has come that takes several calls. */
export type Progress<Step> = {
  /** Where the last attempt stopped; a message that is new begins at the beginning. */
  readonly of: (key: string) => Step
  readonly end: (key: string) => void
}

/** Remembers unfinished messages by key, so that another attempt goes on where the last one stopped. */
export const createProgress = <Step>(begin: () => Step): Progress<Step> => {
  const steps = new Map<string, Step>()
  return {
    of: (key) => {
      const found = steps.get(key)
      if (found !== undefined) return found
      const step = begin()
      steps.set(key, step)
      const oldest = steps.size > rememberAtMost ? steps.keys().next().value : undefined
      if (oldest !== undefined) steps.delete(oldest)
      return step
    },
    end: (key) => void steps.delete(key),
  }
}
