import { createHmac, timingSafeEqual } from 'node:crypto'

export type Signed = {
  readonly headers: Headers
  /** As it came over the wire. */
  readonly body: Uint8Array
  readonly secret: string
  /** ms since 1970. */
  readonly now: number
}

export type SignatureVerdict =
  | { readonly good: true }
  | { readonly good: false; readonly reason: string }

/** Slack's own bound against replays, either way, in s. */
const tolerance = 300

/** `v0=` and the HMAC-SHA256 of `v0:<timestamp>:<body>`, as docs.slack.dev ("Verifying requests") has it. */
export const sign = (secret: string, timestamp: string, body: Uint8Array): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`

/** Whether a request is from Slack, and of now. Compares in constant time. */
export const judgeSignature = ({ headers, body, secret, now }: Signed): SignatureVerdict => {
  const timestamp = headers.get('x-slack-request-timestamp') ?? ''
  const given = headers.get('x-slack-signature') ?? ''
  if (timestamp === '' || given === '') return bad('The request is not signed.')
  if (!/^\d{1,12}$/.test(timestamp)) return bad('The timestamp is no number.')
  if (Math.abs(now / 1000 - Number(timestamp)) > tolerance) {
    return bad('The request is more than 5 minutes off; check the clock of this host.')
  }
  const wanted = Buffer.from(sign(secret, timestamp, body))
  const found = Buffer.from(given)
  return wanted.length === found.length && timingSafeEqual(wanted, found)
    ? { good: true }
    : bad('The signature is wrong; check HUBOT_SLACK_SIGNING_SECRET.')
}

const bad = (reason: string): SignatureVerdict => ({ good: false, reason })
