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
  return found
    .toSorted((a, b) => a.priority - b.priority || heavier(a, b, clock))
    .filter(({ name }) => name !== '' && name !== '.')
    .map(({ name, port }) => ({ host: name, port }))
}

/** Among equals, chance decides, with weights: what RFC 2782 wants, near enough for one client. */
const heavier = (a: Record, b: Record, { random }: Clock): number =>
  random() * (a.weight + b.weight + 1) < a.weight ? -1 : 1
