/** What stands in the way: the other end's certificate, the proxy, or anything else, which may pass. */
export type TunnelTrouble = 'certificate' | 'proxy' | 'connection'

const codeOf = (why: Error | string): string =>
  typeof why === 'object' && 'code' in why ? String(why.code) : ''

/** OpenSSL's and Node's codes for certificates that are not to be trusted. */
const certificateCodes = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ALTNAME/

/** Codes that say nothing to a person who does not write network programs. */
const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing takes connections there',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'its name cannot be looked up now',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  EPROTO: 'it does not speak TLS there',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an authority that is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is signed by an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate is signed by an authority that is not known here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
}

/** A connection that is not HTTP could not be opened. Its message names the host, never a password. */
export class TunnelProblem extends Error {
  override readonly name = 'TunnelProblem'
  readonly trouble: TunnelTrouble
  /** The system's or TLS's code, or an empty string. */
  readonly code: string
  /** `where` is `host:port`. */
  constructor(where: string, why: Error | string, trouble?: TunnelTrouble) {
    const code = codeOf(why)
    const reason = typeof why === 'string' ? why : words[code] ?? why.message
    const detail = code === '' || reason.includes(code) ? '' : ` (${code})`
    super(`no connection to ${where}: ${reason}${detail}`, {
      ...(typeof why === 'object' && { cause: why }),
    })
    this.code = code
    this.trouble = trouble ?? (certificateCodes.test(code) ? 'certificate' : 'connection')
  }
}
