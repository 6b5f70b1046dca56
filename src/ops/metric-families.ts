/** One family of metrics as Prometheus sees it, its name without the prefix. */
type Family = {
  readonly kind: 'counter' | 'gauge'
  readonly help: string
  readonly labels: readonly string[]
}

/** Every metric there is. The prefix `st2chatops_` is added on the way out. */
export const families = {
  commands_total: {
    kind: 'counter',
    help: 'Commands that people gave, by outcome.',
    labels: ['outcome'],
  },
  announcements_total: {
    kind: 'counter',
    help: 'Announcements that came from StackStorm or over HTTP, by outcome.',
    labels: ['outcome'],
  },
  catch_up_total: {
    kind: 'counter',
    help: 'Searches for missed results, and results found by them, by outcome.',
    labels: ['outcome'],
  },
  sends_total: {
    kind: 'counter',
    help: 'Messages to chat services, by adapter and outcome.',
    labels: ['adapter', 'outcome'],
  },
  stackstorm_up: {
    kind: 'gauge',
    help: '1 if StackStorm answered last time and takes the credentials.',
    labels: [],
  },
  stream_connected: {
    kind: 'gauge',
    help: '1 if the event stream from StackStorm is connected.',
    labels: [],
  },
  adapter_connected: {
    kind: 'gauge',
    help: '1 if the chat service is connected.',
    labels: ['adapter'],
  },
  aliases: { kind: 'gauge', help: 'Action aliases in use.', labels: [] },
  journal_durable: {
    kind: 'gauge',
    help: '1 if the journal is on disk, so that results outlive the process.',
    labels: [],
  },
  messages_waiting: {
    kind: 'gauge',
    help: 'Announcements that are written down and not yet with their chat service.',
    labels: [],
  },
  dead_letters: { kind: 'gauge', help: 'Messages that were given up.', labels: [] },
  alias_problems: {
    kind: 'gauge',
    help: 'Action aliases or formats that cannot be used.',
    labels: [],
  },
  last_event_timestamp_seconds: {
    kind: 'gauge',
    help: 'When the last byte came from the event stream, in seconds since 1970; 0 if never.',
    labels: [],
  },
  build_info: {
    kind: 'gauge',
    help: 'Always 1; its labels tell what is running.',
    labels: ['version', 'commit', 'bun'],
  },
  start_time_seconds: {
    kind: 'gauge',
    help: 'When the process started, in seconds since 1970.',
    labels: [],
  },
  uptime_seconds: { kind: 'gauge', help: 'How long the process has been running.', labels: [] },
  resident_memory_bytes: {
    kind: 'gauge',
    help: 'Memory of the process in RAM.',
    labels: [],
  },
} as const satisfies Readonly<Record<string, Family>>

export type MetricName = keyof typeof families

/** The labels that a metric needs, all of them. */
export type LabelsOf<Name extends MetricName> = {
  readonly [Label in (typeof families)[Name]['labels'][number]]: string
}
