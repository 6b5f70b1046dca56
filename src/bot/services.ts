import {
  type AdapterContext,
  type AdapterDefinition,
  type Health,
  type Receipt,
  RetryLater,
  Undeliverable,
} from '../chat/adapter.ts'
import type { ChatMessage, OutgoingMessage } from '../chat/message.ts'
import type { Clock } from '../clock.ts'
import { ConfigurationError } from '../config/error.ts'
import type { OptionTable } from '../config/option.ts'
import type { Log } from '../log.ts'
import { createService, type Service } from './service.ts'

/** A chat service to connect to: what it is, and its part of the configuration. */
export type Chosen = {
  readonly definition: AdapterDefinition
  readonly options: AdapterContext<AdapterDefinition['options']>['options']
}

/** How adapters reach the world, and are reached. */
export type Network = Pick<
  AdapterContext<OptionTable>,
  'http' | 'websocket' | 'tunnel' | 'secure' | 'route'
>

/** The chat services that the bot talks in, each on its own: one that fails stops no other. */
export type Services = {
  readonly all: () => readonly Service[]
  readonly health: () => Readonly<Record<string, Health>>
  /** Rejects as the adapter does. */
  readonly send: (service: string, message: OutgoingMessage) => Promise<Receipt>
  readonly perSecond: (service: string) => number
  /** Connects to all of them. Throws ConfigurationError when not one can be used. */
  readonly connect: () => Promise<void>
  readonly close: () => Promise<void>
}

export type ServicesOptions = {
  readonly chosen: readonly Chosen[]
  /** The bot's name and its alias; empty ones do not count. */
  readonly names: readonly string[]
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  readonly receive: (service: Service, message: ChatMessage) => Promise<void>
  readonly onEnd: (service: string, heard: number) => void
  readonly onFail: (service: string, reason: string) => void
  readonly network: Network
  readonly commands: () => readonly string[]
}

export const createServices = (options: ServicesOptions): Services => {
  const { chosen, names, clock, log, signal, receive } = options
  const connected = new Map<string, Service>()
  let all: readonly Service[] = []
  const broken = new Map<string, Health>()
  const connecting: Health = { state: 'connecting', since: clock.now() }

  const connect = async ({ definition, options: values }: Chosen): Promise<void> => {
    const { name } = definition
    const own = log.with({ adapter: name })
    // A message may come in while `connect` is still on its way to give the connection back.
    const { promise: ready, resolve: isReady } = Promise.withResolvers<Service>()
    try {
      const connection = await definition.connect({
        options: values,
        clock,
        log: own,
        signal,
        receive: (message) => {
          const service = connected.get(name)
          return service === undefined
            ? ready.then((late) => receive(late, message))
            : receive(service, message)
        },
        ...options.network,
        end: (heard) => options.onEnd(name, heard),
        fail: (reason) => options.onFail(name, reason),
        commands: options.commands,
      })
      const service = createService(definition, connection, names)
      connected.set(name, service)
      all = [...connected.values()]
      isReady(service)
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error))
      own.error('The chat service cannot be used.', { error: reason })
      broken.set(name, { state: 'failed', since: clock.now(), error: reason.message })
    }
  }

  /** A message may be for a service of an earlier configuration, or for one that could not be connected to. */
  const missing = (name: string): Error => {
    const reason = broken.get(name)?.error
    if (reason !== undefined) return new RetryLater(reason, { after: 60_000 })
    return new Undeliverable(`There is no chat service "${name}".`, {
      advice: `Add ${name} to HUBOT_ADAPTER and restart.`,
    })
  }

  return {
    all: () => all,
    health: () =>
      Object.fromEntries(
        chosen.map(({ definition: { name } }) => [
          name,
          connected.get(name)?.connection.health() ?? broken.get(name) ?? connecting,
        ]),
      ),
    send: (name, message) =>
      connected.get(name)?.connection.send(message) ?? Promise.reject(missing(name)),
    perSecond: (name) => connected.get(name)?.definition.limits.perChannelPerSecond ?? 1,
    connect: async () => {
      await Promise.all(chosen.map(connect))
      if (connected.size > 0) return
      throw new ConfigurationError(
        [...broken].map(([name, { error }]) => ({
          name: 'HUBOT_ADAPTER',
          what: `names ${name}, which cannot be used: ${error?.replace(/\.$/, '')}`,
          advice: 'correct the settings of this chat service',
        })),
      )
    },
    close: async () => {
      await Promise.allSettled(all.map(({ connection }) => connection.close()))
    },
  }
}
