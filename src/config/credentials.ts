import { ConfigurationError, type Problem } from './error.ts'

/** How the bot shows StackStorm who it is. */
export type Credentials =
  | { readonly kind: 'api-key'; readonly key: string }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'password'; readonly username: string; readonly password: string }

/** The variables that credentials come from. */
export type CredentialVariables = {
  readonly ST2_API_KEY: string | undefined
  readonly ST2_AUTH_TOKEN: string | undefined
  readonly ST2_AUTH_USERNAME: string | undefined
  readonly ST2_AUTH_PASSWORD: string | undefined
}

/** What is said when there are none. */
export const noCredentials: Problem = {
  name: 'ST2_API_KEY',
  what: 'is not set, nor are ST2_AUTH_TOKEN or ST2_AUTH_USERNAME with ST2_AUTH_PASSWORD',
  advice: 'make a key with `st2 apikey create -k` and set ST2_API_KEY, or ST2_API_KEY_FILE to ' +
    'the path of a file that holds it',
}

/** The credentials in use: an API key goes before a token, a token before user and password. */
export const chooseCredentials = (core: CredentialVariables): Credentials | undefined => {
  const { ST2_API_KEY: key, ST2_AUTH_TOKEN: token } = core
  const { ST2_AUTH_USERNAME: username, ST2_AUTH_PASSWORD: password } = core
  if (key !== undefined) return { kind: 'api-key', key }
  if (token !== undefined) return { kind: 'token', token }
  if (username !== undefined && password !== undefined) {
    return { kind: 'password', username, password }
  }
  return undefined
}

/** The credentials in use. Throws ConfigurationError when there are none. */
export const credentialsOf = (core: CredentialVariables): Credentials => {
  const credentials = chooseCredentials(core)
  if (credentials === undefined) throw new ConfigurationError([noCredentials])
  return credentials
}
