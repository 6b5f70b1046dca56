import type { Catalog } from '../../alias/catalog.ts'
import { helpEntries } from '../../alias/help.ts'
import { counted } from '../../counted.ts'
import type { ConnectionStatus } from '../../ops/readiness.ts'
import type { BuiltIn } from './index.ts'

/** `status`: versions, connections, the last event. */
export const status: BuiltIn = async (context, service, message) => {
  const { aliases, stackstorm, reply, clock, readiness, version, startedAt, lastEvent } = context
  const { stackstorm: api, stream, adapters } = readiness()
  const now = clock.now()
  const serverVersion = await stackstorm.version(context.signal).catch(() => undefined)
  const event = lastEvent()
  const catalog = aliases.current()
  await reply.words(service, message, 'status', {
    version,
    uptime: duration(clock.monotonic() - startedAt),
    stackstorm: [serverVersion, describe(api, now)].filter((part) => part !== undefined).join(', '),
    stream: describe(stream, now),
    lastEvent: event === undefined ? 'none yet' : `${duration(now - event)} ago`,
    commands: catalog === undefined
      ? `not loaded (${aliases.problem() ?? 'loading'})`
      : inNumbers(catalog),
    adapters: Object.entries(adapters).map(([name, adapter]) => ({
      name,
      state: describe(adapter, now),
    })),
  })
}

const inNumbers = (catalog: Catalog): string =>
  [
    `${helpEntries(catalog).length} from ${counted(catalog.usable.length, 'alias', 'aliases')}`,
    counted(catalog.problems.length, 'problem'),
  ].join(', ')

const describe = ({ state, since, error }: ConnectionStatus, now: number): string =>
  `${state} for ${duration(now - since)}${error === undefined ? '' : ` (${error})`}`

/** A length of time in ms as a person says it: `42 s`, `5 min`, `3 h 20 min`, `2 d 4 h`. */
export const duration = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}
