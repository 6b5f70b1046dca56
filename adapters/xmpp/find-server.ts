import type { Clock } from '../../src/clock.ts'
import { within } from './within.ts'

/** Where a server takes clients. */
export type Address = { readonly host: string; readonly port: number }

/** One record of DNS (RFC 2782). */
export type Record = {
  readonly name: string
  readonly port: number
  readonly priority: number
  readonly weight: number
}

/** `dns.resolveSrv`. */
export type ResolveSrv = (name: string) => Promise<readonly Record[]>

const usualPort = 5222
/** ms for DNS: behind a proxy it may know nothing of the world and be silent. */
const deadline = 5_000

/**
 * Where the servers of a domain are, the best first: what its SRV records say, or the domain itself (RFC 6120, section
 * 3.2). Empty where the domain says that it has none.
 */
export const findServers = async (
  domain: string,
  { resolve, clock, signal }: {
    readonly resolve: ResolveSrv
    readonly clock: Clock
    readonly signal: AbortSignal
  },
): Promise<readonly Address[]> => {
  const told = resolve(`_xmpp-client._tcp.${domain}`).catch((): readonly Record[] => [])
  const answer = await within(told, deadline, clock, signal)
  const found = answer === 'late' ? [] : answer
  if (found.length === 0) return [{ host: domain, port: usualPort }]
  const groups = Map.groupBy(found, ({ priority }) => priority)
  return [...groups].toSorted(([a], [b]) => a - b)
    .flatMap(([, records]) => shuffle(records, clock))
    .filter(({ name }) => name !== '' && name !== '.')
    .map(({ name, port }) => ({ host: name, port }))
}

/** Among equals, chance decides, with weights (RFC 2782): one that has none comes first now and then. */
const shuffle = (records: readonly Record[], { random }: Clock): readonly Record[] => {
  const rest = records.toSorted((a, b) => Number(a.weight > 0) - Number(b.weight > 0))
  const order: Record[] = []
  while (rest.length > 0) {
    let left = Math.floor(random() * (rest.reduce((sum, { weight }) => sum + weight, 0) + 1))
    const index = rest.findIndex(({ weight }) => (left -= weight) <= 0)
    order.push(...rest.splice(index, 1))
  }
  return order
}

/** An address as it stands among the doubtful ones. */
export const nameOf = ({ host, port }: Address): string => `${host}:${port}`

/** The same addresses, with those that are doubtful behind the others. */
export const doubtfulLast = (
  addresses: readonly Address[],
  doubtful: ReadonlySet<string>,
): readonly Address[] => {
  const isDoubtful = (address: Address): number => Number(doubtful.has(nameOf(address)))
  return addresses.toSorted((a, b) => isDoubtful(a) - isDoubtful(b))
}
