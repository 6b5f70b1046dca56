import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'

/** Everything in a document that is different each time. */
export type Ids = {
  /** A MongoDB object id: 24 hexadecimal digits that grow with time. */
  readonly objectId: () => string
  /** 32 hexadecimal digits, as the auth service makes its tokens. */
  readonly token: () => string
  /** Now as the API writes it, in UTC with microseconds; no two are the same and each is later than the last. */
  readonly timestamp: () => string
}

const hex = (bytes: number): string => randomBytes(bytes).toString('hex')

/** Milliseconds since 1970 as the API writes a time: UTC, six decimals, `Z`. */
export const apiTime = (ms: number, micros = 0): string =>
  new Date(ms).toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`)

/** Milliseconds since 1970, with decimals, of a time as the API writes it. */
export const timeOf = (text: string): number =>
  Date.parse(text) + Number(/\.\d{3}(\d{3})Z$/.exec(text)?.[1] ?? 0) / 1000

export const createIds = (clock: Clock): Ids => {
  const machine = hex(5)
  let counter = Number.parseInt(hex(3), 16)
  let last = 0
  return {
    objectId: () => {
      counter = (counter + 1) % 0x1000000
      const seconds = Math.floor(clock.now() / 1000).toString(16).padStart(8, '0')
      return `${seconds}${machine}${counter.toString(16).padStart(6, '0')}`
    },
    token: () => hex(16),
    timestamp: () => {
      last = Math.max(Math.floor(clock.now()) * 1000, last + 1)
      return apiTime(Math.floor(last / 1000), last % 1000)
    },
  }
}
