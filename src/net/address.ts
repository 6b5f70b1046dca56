/** Networks are asked about behind a proxy alone: a start without one is 2 ms shorter without node:net. */
const net = () => process.getBuiltinModule('node:net')

const family = (address: string): 'ipv4' | 'ipv6' | undefined => {
  const version = net().isIP(address)
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined
}

/** Whether an address lies in a network such as `10.0.0.0/8`. A name lies in none: nothing is looked up. */
export const matchesNetwork = (host: string, network: string): boolean => {
  const [base = '', bits = ''] = network.replace(/[[\]]/g, '').split('/')
  const kind = family(base)
  const prefix = Number(bits)
  const widest = kind === 'ipv4' ? 32 : 128
  if (kind === undefined || kind !== family(host)) return false
  if (!/^\d+$/.test(bits) || prefix > widest) return false
  const { BlockList } = net()
  const list = new BlockList()
  list.addSubnet(base, prefix, kind)
  return list.check(host, kind)
}

/** An address in 127.0.0.0/8, as node:net would read it. */
const loopback = /^127(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/

/** Whether a host (no brackets, lower case) is this machine: `localhost`, 127.0.0.0/8, `::1`. Asked at every start: it needs no node:net. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host === '::1' || loopback.test(host)
