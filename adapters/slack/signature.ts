import { createHmac, timingSafeEqual } from 'node:crypto'

export type Signed = {
  readonly headers: Headers
  /** As it came over the wire. */
  readonly body: Uint8Array
  readonly secret: string
  /** ms since 1970. */
  readonly now: number
}

type Bad = { readonly good: false; readonly reason: string }
export type SignatureVerdict = { readonly good: true } | Bad
/** Headers alone may be right: what they claim of the body is not known yet. */
export type HeadersVerdict =
  | { readonly good: true; readonly timestamp: string; readonly signature: string }
  | Bad

/** Slack's own bound against replays, either way, in s. */
const tolerance = 300

/** `v0=` and the HMAC-SHA256 of `v0:<timestamp>:<body>`, as docs.slack.dev ("Verifying requests") has it. */
export const sign = (secret: string, timestamp: string, body: Uint8Array): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`

/**
 * Whether the headers are those of a request that is signed, and of now; tells before the body is there that there is no
 * need to read it.
 */
export const judgeHeaders = ({ headers, now }: Pick<Signed, 'headers' | 'now'>): HeadersVerdict => {
  const timestamp = headers.get('x-slack-request-timestamp') ?? ''
  const signature = headers.get('x-slack-signature') ?? ''
  if (timestamp === '' || signature === '') return bad('The request is not signed.')
  if (!/^\d{1,12}$/.test(timestamp)) return bad('The timestamp is no number.')
  if (Math.abs(now / 1000 - Number(timestamp)) > tolerance) {
    return bad('The request is more than 5 minutes off; check the clock of this host.')
  }
  if (!/^v0=[0-9a-f]{64}$/.test(signature)) return bad('The signature is none of Slack.')
  return { good: true, timestamp, signature }
}

/** Whether a request is from Slack, and of now. Compares in constant time. */
export const judgeSignature = ({ headers, body, secret, now }: Signed): SignatureVerdict => {
  const signed = judgeHeaders({ headers, now })
  if (!signed.good) return signed
  const wanted = Buffer.from(sign(secret, signed.timestamp, body))
  const found = Buffer.from(signed.signature)
  return wanted.length === found.length && timingSafeEqual(wanted, found)
    ? { good: true }
    : bad('The signature is wrong; check HUBOT_SLACK_SIGNING_SECRET.')
}

const bad = (reason: string): Bad => ({ good: false, reason })
