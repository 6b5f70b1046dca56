/** What decides whether a request may speak through the bot. */
export type WebhookRequest = {
  readonly headers: Headers
  /** The address of the other end of the TCP connection, as the kernel knows it. */
  readonly peer: string | undefined
  /** Whether a chat service is to reach this server: then another one stands in front of it, for everybody. */
  readonly exposed: boolean
}

export type Trust =
  | { readonly trusted: true }
  | { readonly trusted: false; readonly status: 401 | 403; readonly reason: string }

const refused = (status: 401 | 403, reason: string): Trust => ({ trusted: false, status, reason })

/** Whether an IP address can be reached from this host alone: 127.0.0.0/8 and ::1. */
export const isLoopback = (address: string | undefined): boolean => {
  if (address === undefined) return false
  const plain = address.toLowerCase().replace(/^\[(.*)\]$/, '$1').replace(/^::ffff:/, '')
  return plain === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(plain)
}

/** Whether a `Host` header names this host as only somebody on it would. */
const isLoopbackHost = (host: string | null): boolean => {
  if (host === null) return false
  const name = host.replace(/:\d+$/, '').toLowerCase()
  return name === 'localhost' || isLoopback(name)
}

/**
 * Compares digests: what the time of the comparison could tell is of a hash, not of the secret, and the lengths are equal.
 * Without node:crypto, whose loading costs each start 4 ms and 4 MB.
 */
const sameSecret = (left: string, right: string): boolean => {
  const digest = (text: string) => new Bun.CryptoHasher('sha256').update(text).digest()
  const [one, other] = [digest(left), digest(right)]
  let difference = 0
  one.forEach((byte, at) => difference |= byte ^ (other[at] ?? 0))
  return difference === 0
}

const presentedToken = (headers: Headers): string | undefined => {
  const bearer = /^bearer +(.+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  return bearer ?? headers.get('x-webhook-token') ?? undefined
}

/**
 * What a relay adds: the connection then comes from the relay, and says nothing about who asks. The names of RFC 7239, RFC 9110, of
 * nginx, Apache, HAProxy, Envoy, AWS, Cloudflare (RFC 8586 too), Akamai and Fastly.
 */
const relayHeader =
  /^(forwarded|via|cdn-loop|true-client-ip|fastly-.*|cf-.*|x-(forwarded|envoy|amzn|original|appengine)(-.*)?|x-(real|client|cluster-client|proxyuser)-ip)$/

/**
 * nginx relays in HTTP/1.0, and ends each connection, unless it is told otherwise. Bun does not tell the version of a request; that
 * its connection ends, the request says itself. A program that sends the same is taken for a relay.
 */
const endsConnection = (headers: Headers): boolean =>
  /(^|,)\s*close\s*(,|$)/i.test(headers.get('connection') ?? '')

const isRelayed = (headers: Headers): boolean =>
  endsConnection(headers) || [...headers.keys()].some((name) => relayHeader.test(name))

/** What a web page's request carries and a script's does not. */
const browserHeaders = ['origin', 'sec-fetch-site']

/**
 * With a token, whoever knows it is trusted, from wherever. Without one, only a program on this host is, and where a chat service
 * calls the bot nobody: a relay that adds nothing looks like any program. Not a relay that stands here for others, and not a web page that a browser on this host shows
 * (by name, which DNS can point anywhere, or by form).
 */
export const judgeWebhook = (
  { headers, peer, exposed }: WebhookRequest,
  token: string | undefined,
): Trust => {
  if (token !== undefined && token !== '') {
    const presented = presentedToken(headers)
    if (presented === undefined) {
      return refused(
        401,
        'Send the webhook token as "Authorization: Bearer TOKEN" or "X-Webhook-Token: TOKEN".',
      )
    }
    return sameSecret(presented, token)
      ? { trusted: true }
      : refused(401, 'The webhook token is not the one in ST2CHATOPS_WEBHOOK_TOKEN.')
  }
  const advice = 'Set ST2CHATOPS_WEBHOOK_TOKEN and send the token.'
  if (exposed) {
    return refused(
      403,
      `Without a webhook token nobody may post here while a chat service calls the bot over HTTP. ${advice}`,
    )
  }
  if (!isLoopback(peer)) {
    return refused(403, `Without a webhook token only this host may post here. ${advice}`)
  }
  if (isRelayed(headers)) {
    return refused(
      403,
      'Without a webhook token no proxy may post here, and this looks like one by its headers ' +
        `(X-Forwarded-For and the like, or Connection: close). ${advice}`,
    )
  }
  if (browserHeaders.some((name) => headers.has(name)) || !isLoopbackHost(headers.get('host'))) {
    return refused(403, `Without a webhook token no web page may post here. ${advice}`)
  }
  return { trusted: true }
}
