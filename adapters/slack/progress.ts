/** How far a message has come that takes several calls. */
export type Step = {
  /** Posts that are out. */
  posted: number
  /** The timestamp of the first of them. */
  first: string | undefined
  /** The id of the uploaded file, or that Slack takes none. */
  file: string | 'none' | undefined
  /** It could not be shown in the channel and goes to the person directly. */
  direct: boolean
}

/** More unfinished messages than this are in trouble that no memory heals. */
const rememberAtMost = 1_000

/** Remembers unfinished messages by key, so that another attempt goes on where the last one stopped. */
export const createProgress = () => {
  const steps = new Map<string, Step>()
  return {
    of: (key: string): Step => {
      const found = steps.get(key)
      if (found !== undefined) return found
      const step: Step = { posted: 0, first: undefined, file: undefined, direct: false }
      steps.set(key, step)
      const oldest = steps.size > rememberAtMost ? steps.keys().next().value : undefined
      if (oldest !== undefined) steps.delete(oldest)
      return step
    },
    end: (key: string): void => void steps.delete(key),
  }
}
