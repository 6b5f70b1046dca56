import type { Ids } from './ids.ts'
import { apiTime } from './ids.ts'
import type { Clock } from '../clock.ts'
import type { Json } from './model.ts'

/** A user of StackStorm. `service` accounts may ask for tokens of others. */
export type User = {
  readonly name: string
  readonly id: string
  readonly password?: string
  readonly service: boolean
  readonly nicknames: Readonly<Record<string, string>>
}

export type Token = {
  readonly token: string
  readonly user: string
  readonly service: boolean
  readonly expires: number
  readonly expiry: string
  readonly id: string
}

export type ApiKey = {
  readonly id: string
  readonly key: string
  readonly user: string
  readonly metadata: Json
  readonly created: string
  readonly enabled: boolean
}

/** Users, tokens and API keys, in memory. */
export type Accounts = {
  readonly users: Map<string, User>
  readonly tokens: Map<string, Token>
  readonly apiKeys: Map<string, ApiKey>
  readonly user: (name: string) => User
  readonly issueToken: (user: User, seconds: number) => Token
  readonly addApiKey: (user: string, metadata: Json, key?: string) => ApiKey
}

/** Tokens kept at the same time: a client that asks for one a second fills an hour. */
const mostTokens = 3600

export const createAccounts = (ids: Ids, clock: Clock): Accounts => {
  const users = new Map<string, User>()
  const tokens = new Map<string, Token>()
  const apiKeys = new Map<string, ApiKey>()
  return {
    users,
    tokens,
    apiKeys,
    // The server creates a user on the first token, too.
    user: (name) => {
      const known = users.get(name)
      if (known) return known
      const user: User = { name, id: ids.objectId(), service: false, nicknames: {} }
      users.set(name, user)
      return user
    },
    issueToken: (user, seconds) => {
      const expires = clock.now() + seconds * 1000
      const token: Token = {
        token: ids.token(),
        user: user.name,
        service: user.service,
        expires,
        expiry: apiTime(expires),
        id: ids.objectId(),
      }
      if (tokens.size >= mostTokens) tokens.delete(tokens.keys().next().value ?? '')
      tokens.set(token.token, token)
      return token
    },
    addApiKey: (user, metadata, key) => {
      const made: ApiKey = {
        id: ids.objectId(),
        key: key ?? Buffer.from(ids.token() + ids.token()).toString('base64url'),
        user,
        metadata,
        created: ids.timestamp(),
        enabled: true,
      }
      apiKeys.set(made.key, made)
      return made
    },
  }
}
