import type { FaultOrder } from '../../src/sandbox/faults.ts'
import type { RecorderFaults } from './recorder-server.ts'
import { nginxAlone, unauthorized, type Wire, type WireMode } from './wire.ts'

/** What an outage can be done with. */
export type Breakable = {
  /** Between the bot and StackStorm, and between the bot and the chat service. */
  readonly stackstormWire: Wire
  readonly chatWire: Wire
  readonly orderSandbox: (order: FaultOrder & { readonly closeStreams?: boolean }) => Promise<void>
  readonly orderRecorder: (faults: RecorderFaults) => Promise<void>
}

type Outage = {
  readonly begin: (world: Breakable) => Promise<void>
  readonly end: (world: Breakable) => Promise<void>
}

const stackstormWire = (mode: WireMode): Outage => ({
  begin: ({ stackstormWire }) => stackstormWire.set(mode),
  end: ({ stackstormWire }) => stackstormWire.set({ kind: 'through' }),
})

const chatWire = (mode: WireMode): Outage => ({
  begin: ({ chatWire }) => chatWire.set(mode),
  end: ({ chatWire }) => chatWire.set({ kind: 'through' }),
})

const sandbox = (
  order: FaultOrder & { readonly closeStreams?: boolean },
  heal: FaultOrder & { readonly closeStreams?: boolean } = {},
): Outage => ({
  begin: ({ orderSandbox }) => orderSandbox(order),
  end: ({ orderSandbox }) => orderSandbox(heal),
})

const recorder = (faults: RecorderFaults): Outage => ({
  begin: ({ orderRecorder }) => orderRecorder(faults),
  end: ({ orderRecorder }) => orderRecorder({}),
})

/**
 * Everything that goes wrong, by name. Counted faults of the sandbox strike the next so many requests or events,
 * and what is left of them when the outage ends is taken back.
 */
export const outages = {
  'StackStorm refuses connections': stackstormWire({ kind: 'refused' }),
  'StackStorm cuts connections': stackstormWire({ kind: 'reset' }),
  'StackStorm silent': stackstormWire({ kind: 'silent' }),
  'StackStorm slow': stackstormWire({ kind: 'slow', delay: 400 }),
  'nginx answers alone': stackstormWire({ kind: 'answered', answer: nginxAlone }),
  '401 to everything': stackstormWire({ kind: 'answered', answer: unauthorized }),
  'stream cut': sandbox({ closeStreams: true }),
  'stream ends at once': sandbox({ quickEof: 4, closeStreams: true }, { quickEof: 0 }),
  // Nobody tells the bot, during it or after: its own looking around finds what it missed.
  'stream half-open and silent': sandbox({ halfOpen: true }, { halfOpen: false }),
  'stream loses announcements': sandbox({ dropAnnouncements: 5 }, { dropAnnouncements: 0 }),
  'result before the reply': sandbox({ eventBeforeReply: 5 }, { eventBeforeReply: 0 }),
  'replies cut': sandbox({ cutPost: 3 }, { cutPost: 0 }),
  'replies broken': sandbox({ brokenBody: 3 }, { brokenBody: 0 }),
  '500 after starting': sandbox({ failAfterScheduling: 3 }, { failAfterScheduling: 0 }),
  'result workflows fail': sandbox({ failPostResult: 3 }, { failPostResult: 0 }),
  'executions frozen': sandbox({ freeze: true }, { freeze: false }),
  'chat refuses connections': chatWire({ kind: 'refused' }),
  'chat cuts connections': chatWire({ kind: 'reset' }),
  'chat silent': chatWire({ kind: 'silent' }),
  'chat slow': recorder({ delay: 600 }),
  'chat says 429': recorder({ busy: 1 }),
  'chat says 500': recorder({ broken: true }),
  'chat accepts, then drops': recorder({ acceptThenDrop: true }),
  'chat loses what was acknowledged': recorder({ loseAcknowledgements: true }),
} as const satisfies Readonly<Record<string, Outage>>

export type OutageName = keyof typeof outages

export const outageNames = Object.keys(outages) as readonly OutageName[]

/** The bot waits for a minute before it formats a result in StackStorm's place: too long for the short form. */
const slowToHeal: readonly OutageName[] = ['result workflows fail']

export const quickOutageNames = outageNames.filter((name) => !slowToHeal.includes(name))
