import type { Journal } from '../delivery/journal.ts'
import { assessReadiness, type Readiness, type StackStormStatus } from '../ops/readiness.ts'
import type { StackStorm } from '../stackstorm/types.ts'
import type { AliasSource } from './aliases.ts'
import type { Listener } from './listen.ts'
import type { Services } from './services.ts'

export type ReadinessOptions = {
  readonly stackstorm: Pick<StackStorm, 'health'>
  readonly aliases: AliasSource
  readonly listener: Pick<Listener, 'status'>
  readonly services: Pick<Services, 'health'>
  readonly journal: Pick<Journal, 'status' | 'counts'>
}

/** How the bot is, part by part, whenever somebody asks. */
export const createReadiness = (options: ReadinessOptions): () => Readiness => {
  const { stackstorm, aliases, listener, services, journal } = options

  /** StackStorm serves us only when its commands are in. */
  const stackstormStatus = (): StackStormStatus => {
    const health = stackstorm.health()
    if (health.state !== 'connected' || aliases.current() !== undefined) return health
    return { ...health, state: 'connecting', error: aliases.problem() ?? 'loading the commands' }
  }

  return () => {
    const { durable, problem } = journal.status()
    return assessReadiness({
      stackstorm: stackstormStatus(),
      stream: listener.status(),
      adapters: services.health(),
      journal: { durable, problem, ...journal.counts() },
    })
  }
}
