/** One connection, by what was seen on the wire. Times are milliseconds since 1970. */
export type ConnectionStatus = {
  readonly state: 'connecting' | 'connected' | 'failed'
  readonly since: number
  /** When something last came from the other side. */
  readonly lastTraffic?: number | undefined
  /** What went wrong last, in words, without a secret. */
  readonly error?: string | undefined
}

export type StackStormStatus = ConnectionStatus & {
  readonly credentials: 'unknown' | 'good' | 'refused'
}

/** What outlives the process. */
export type JournalReadiness = {
  /** False: results are delivered by best effort, and a restart forgets those under way. */
  readonly durable: boolean
  /** Why it is not durable. */
  readonly problem?: string | undefined
  /** Messages that are written down and not yet with their chat service. */
  readonly waiting: number
  /** Messages that were given up. */
  readonly deadLetters: number
}

/** Whether the bot can do its job, and each part it needs for that. */
export type Readiness = {
  readonly ready: boolean
  readonly stackstorm: StackStormStatus
  /** The event stream that results come by. */
  readonly stream: ConnectionStatus
  /** By adapter name. */
  readonly adapters: Readonly<Record<string, ConnectionStatus>>
  /** A journal that fails does not take readiness away: the bot still does its job, with less of a promise. */
  readonly journal: JournalReadiness
}

/**
 * Ready means that a person in at least one chat service can give a command and see its result:
 * one failed service does not take the others out.
 */
export const assessReadiness = (parts: Omit<Readiness, 'ready'>): Readiness => ({
  ready: parts.stackstorm.state === 'connected' &&
    parts.stream.state === 'connected' &&
    Object.values(parts.adapters).some(({ state }) => state === 'connected'),
  ...parts,
})

/** One line for a person, as `systemctl status` shows it: `Ready: StackStorm, stream, slack`. */
export const summariseReadiness = (
  { ready, stackstorm, stream, adapters, journal }: Readiness,
): string => {
  const parts = Object.entries({ StackStorm: stackstorm, stream, ...adapters })
  const said = parts.map(([name, { state, error }]) => {
    if (state === 'connected') return name
    return error === undefined ? `${name} ${state}` : `${name} ${state} (${error})`
  })
  if (journal.problem !== undefined) said.push(`no journal (${journal.problem})`)
  if (journal.deadLetters > 0) said.push(`${journal.deadLetters} dead letters`)
  return `${ready ? 'Ready' : 'Not ready'}: ${said.join(', ')}`
}
