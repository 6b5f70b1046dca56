import type { Credentials } from '../config/credentials.ts'
import { type Explain, explainKey, explainToken } from './auth-refusals.ts'
import type { StackStormRefused } from './errors.ts'
import { passwordAuth, type PasswordAuthOptions } from './password-auth.ts'

/** What goes with a request to show who asks. */
export type AuthHeaders = Readonly<Record<string, string>>

/** Shows StackStorm who we are, and keeps what it shows fresh. */
export type Auth = {
  /** The headers for one request. Rejects as a request does when a token is needed and cannot be had. */
  readonly headers: (signal: AbortSignal) => Promise<AuthHeaders>
  /**
   * StackStorm answered 401 to these headers. Gives newer ones to try once more, or rejects with a
   * `StackStormRefused` that tells the operator what to do.
   */
  readonly renew: (
    used: AuthHeaders,
    refusal: StackStormRefused,
    signal: AbortSignal,
  ) => Promise<AuthHeaders>
  /** The refusal of credentials that cannot be made better, in words for the operator. */
  readonly explain: Explain
}

export type AuthOptions = PasswordAuthOptions & { readonly credentials: Credentials }

/** An API key or a token of the operator's: nothing can be renewed. */
const fixedAuth = (headers: AuthHeaders, explain: Explain): Auth => ({
  headers: async () => headers,
  renew: async (_used, refusal) => {
    throw explain(refusal)
  },
  explain,
})

/** The one who shows the credentials; which kind they are, nobody else needs to know. */
export const createAuth = (options: AuthOptions): Auth => {
  const { credentials } = options
  switch (credentials.kind) {
    case 'api-key':
      return fixedAuth({ 'st2-api-key': credentials.key }, explainKey)
    case 'token':
      return fixedAuth({ 'x-auth-token': credentials.token }, explainToken)
    case 'password':
      return passwordAuth(options, credentials)
  }
}
