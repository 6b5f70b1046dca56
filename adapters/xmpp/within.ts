import type { Clock } from '../../src/clock.ts'

/** What `work` gives, or `late` when it takes longer than `ms`. Rejects as `work` does, and when `signal` aborts. */
export const within = async <Value>(
  work: Promise<Value>,
  ms: number,
  clock: Clock,
  signal?: AbortSignal,
): Promise<Value | 'late'> => {
  const over = new AbortController()
  const either = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal])
  const late = clock.sleep(ms, either).then(() => 'late' as const)
  late.catch(() => {})
  try {
    return await Promise.race([work, late])
  } finally {
    over.abort()
  }
}

/** Does `work` with a signal that aborts after `ms`, or with one of `signals`. */
export const withLimit = async <Value>(
  work: (signal: AbortSignal) => Promise<Value>,
  ms: number,
  clock: Clock,
  ...signals: readonly AbortSignal[]
): Promise<Value> => {
  const over = new AbortController()
  const late = new AbortController()
  void clock.sleep(ms, over.signal).then(() => late.abort(), () => {})
  try {
    return await work(AbortSignal.any([...signals, late.signal]))
  } finally {
    over.abort()
  }
}
