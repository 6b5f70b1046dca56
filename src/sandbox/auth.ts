import { createHash } from 'node:crypto'
import { Fault } from './fault.ts'
import type { World } from './world.ts'

/** Whom a request comes from, and how that is known. */
export type Identity = {
  readonly user: string
  readonly method: 'authentication token' | 'API key'
  readonly location: 'header' | 'query' | 'cookie'
  readonly token?: { readonly token: string; readonly expires: number }
}

const cookie = (request: Request, name: string): string | undefined =>
  request.headers.get('cookie')?.split(';').map((pair) => pair.trim().split('='))
    .find(([key]) => key === name)?.[1]

/**
 * Finds out who asks. The first source that is not empty decides, and its failure is final.
 * @throws Fault 401 in the server's words
 */
export const authenticate = (world: World, request: Request): Identity => {
  const { searchParams } = new URL(request.url)
  const sources = [
    ['token', 'header', request.headers.get('X-Auth-Token')],
    ['key', 'header', request.headers.get('St2-Api-Key')],
    ['token', 'query', searchParams.get('x-auth-token')],
    ['key', 'query', searchParams.get('st2-api-key')],
    ['token', 'cookie', cookie(request, 'auth-token')],
  ] as const
  const [kind, location, secret] = sources.find(([, , value]) => value) ?? []
  if (!kind || !secret || !location) {
    throw new Fault(401, 'Unauthorized - One of Token or API key required.')
  }
  return kind === 'token' ? byToken(world, secret, location) : byApiKey(world, secret, location)
}

const byToken = (world: World, secret: string, location: Identity['location']): Identity => {
  const token = world.accounts.tokens.get(secret)
  if (!token) throw new Fault(401, 'Unauthorized')
  if (token.expires <= world.clock.now()) {
    throw new Fault(401, 'Unauthorized - Token has expired.')
  }
  return { user: token.user, method: 'authentication token', location, token }
}

const byApiKey = (world: World, secret: string, location: Identity['location']): Identity => {
  const key = world.accounts.apiKeys.get(secret)
  if (!key) {
    const hash = createHash('sha512').update(secret).digest('hex')
    throw new Fault(401, `Unauthorized - ApiKey with key_hash=${hash} not found.`)
  }
  if (!key.enabled) throw new Fault(401, 'Unauthorized - API key is disabled.')
  return { user: key.user, method: 'API key', location }
}

/** The cookie that the server sets on requests made with a token. A client must not send it back. */
export const tokenCookie = (world: World, identity: Identity): string | undefined => {
  if (!identity.token) return undefined
  const { token, expires } = identity.token
  const age = Math.floor((expires - world.clock.now()) / 1000)
  const date = new Date(expires).toUTCString().replace(/^(\w+, \d+) (\w+) (\d+)/, '$1-$2-$3')
  return `auth-token=${token}; Max-Age=${age}; Path=/; expires=${date}; HttpOnly; SameSite=lax`
}
