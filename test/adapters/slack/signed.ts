import { sign } from '../../../adapters/slack/signature.ts'

/** A request as Slack signs it, of now. */
export const signedRequest = (secret: string, payload: unknown): Request => {
  const body = JSON.stringify(payload)
  const timestamp = String(Math.round(Date.now() / 1000))
  return new Request('http://bot/slack/events', {
    method: 'POST',
    body,
    headers: {
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': sign(secret, timestamp, new TextEncoder().encode(body)),
    },
  })
}
