import * as v from 'valibot'

const count = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)))

/** The faults that can be ordered; every number counts down as it strikes. */
export const FaultOrder = v.strictObject({
  /** Announcements that are made (their executions exist) but never reach the stream. */
  dropAnnouncements: count,
  /** Milliseconds that each announcement waits before it goes out; stays until it is set to 0. */
  delayAnnouncements: count,
  duplicateAnnouncements: count,
  /** Alias executions whose reply comes only after their announcement. */
  eventBeforeReply: count,
  /** Requests to the API and the stream that are refused with 401. */
  unauthorized: count,
  /** Alias executions that are scheduled and answered with 500. */
  failAfterScheduling: count,
  /** What nginx says while its backends are down; stays until it is set to false. */
  backendDown: v.optional(v.boolean()),
  /** Stream connections that end right after the first newline. */
  quickEof: count,
  /** The stream stays open and says nothing more; stays until it is set to false. */
  halfOpen: v.optional(v.boolean()),
  /** Alias executions that run and are never answered. */
  hangPost: count,
  /** Alias executions that run and whose connection is cut within a few seconds, without a byte. */
  cutPost: count,
  /** Alias executions answered with 201 and a body that is no JSON. */
  brokenBody: count,
  /** `chatops.post_result` executions that fail. */
  failPostResult: count,
  /** Characters that the next announcement's message is filled up to. */
  hugeMessage: count,
  /** Announcements with `user`, `context` and `extra` null. */
  nullFields: count,
  /** Runs nothing: executions stay `requested` until it is set to false. */
  freeze: v.optional(v.boolean()),
})

export type FaultOrder = v.InferOutput<typeof FaultOrder>

type Counted = {
  [Name in keyof FaultOrder]: FaultOrder[Name] extends number | undefined ? Name : never
}[keyof FaultOrder]

/** Faults in force. Tests set them from the same process, or by `POST /sandbox/faults`. */
export type Faults = {
  readonly set: (order: FaultOrder) => void
  readonly clear: () => void
  readonly current: () => FaultOrder
  /** Whether a counted fault strikes now; counts it down. */
  readonly strikes: (name: NonNullable<Counted>) => boolean
}

export const createFaults = (): Faults => {
  let current: FaultOrder = {}
  return {
    set: (order) => {
      current = { ...current, ...order }
    },
    clear: () => {
      current = {}
    },
    current: () => current,
    strikes: (name) => {
      const left = Number(current[name] ?? 0)
      if (left <= 0) return false
      current = { ...current, [name]: left - 1 }
      return true
    },
  }
}
