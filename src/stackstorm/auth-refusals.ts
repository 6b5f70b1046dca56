import { StackStormRefused } from './errors.ts'

/** Turns StackStorm's 401 into words that tell the operator what to do. */
export type Explain = (refusal: StackStormRefused) => StackStormRefused

const saying = (refusal: StackStormRefused, reason: string): StackStormRefused =>
  new StackStormRefused(refusal.status, reason, { requestId: refusal.requestId, cause: refusal })

/** For an API key: it never expires, so it is unknown or disabled. */
export const explainKey: Explain = (refusal) =>
  saying(
    refusal,
    /disabled/.test(refusal.reason)
      ? 'The API key in ST2_API_KEY is disabled. Enable it with "st2 apikey enable", or make a new one.'
      : 'StackStorm does not know the API key in ST2_API_KEY. Make one with "st2 apikey create -k".',
  )

const insteadOfToken =
  'Set ST2_API_KEY instead, which never expires: "st2 apikey create -k" makes one.'

/** For a token that the operator has set. */
export const explainToken: Explain = (refusal) =>
  saying(
    refusal,
    /expired/.test(refusal.reason)
      ? 'The token in ST2_AUTH_TOKEN has expired and cannot be renewed. ' + insteadOfToken
      : 'StackStorm does not know the token in ST2_AUTH_TOKEN. ' + insteadOfToken,
  )

/** For a token that was new when it was refused. */
export const explainNewToken: Explain = (refusal) =>
  saying(
    refusal,
    "StackStorm's API does not accept a token that the auth service has just given. Check that ST2_API_URL and ST2_AUTH_URL belong to one StackStorm.",
  )

/** For user and password, which the auth service refused. */
export const explainPassword: Explain = (refusal) =>
  saying(
    refusal,
    'StackStorm does not accept ST2_AUTH_USERNAME and ST2_AUTH_PASSWORD. Correct them, or set ST2_API_KEY instead.',
  )
