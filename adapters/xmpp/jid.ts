/** An address: `local@domain/resource`. Local and domain are in lower case, as servers compare them; a resource is as it is. */
export type Jid = {
  readonly local: string
  readonly domain: string
  readonly resource: string
  /** Without the resource. */
  readonly bare: string
  readonly full: string
}

/** RFC 7622, section 3.1: no part may be longer, in bytes. */
const longestPart = 1023

/** Reads an address; undefined for what cannot be one. */
export const readJid = (text: string | undefined): Jid | undefined => {
  if (text === undefined) return undefined
  const slash = text.indexOf('/')
  const address = (slash === -1 ? text : text.slice(0, slash)).toLowerCase()
  const resource = slash === -1 ? '' : text.slice(slash + 1)
  const at = address.indexOf('@')
  const local = at === -1 ? '' : address.slice(0, at)
  const domain = address.slice(at + 1)
  const parts = [local, domain, resource]
  if (domain === '' || at === 0 || /[\s@]/.test(domain) || /\s/.test(local)) return undefined
  if (parts.some((part) => Buffer.byteLength(part) > longestPart)) return undefined
  return {
    local,
    domain,
    resource,
    bare: address,
    full: resource === '' ? address : `${address}/${resource}`,
  }
}
