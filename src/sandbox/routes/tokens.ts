import { Hono } from 'hono'
import type { Token, User } from '../accounts.ts'
import { authenticate, tokenCookie } from '../auth.ts'
import { Fault } from '../fault.ts'
import type { Json } from '../model.ts'
import { readBody, readObject } from '../request-body.ts'
import type { World } from '../world.ts'

const refused = () => new Fault(401, 'Invalid or missing credentials')

/** The user behind a Basic header. @throws Fault 401, or 400 for a header of one word */
const basicUser = (world: World, header: string | null): User => {
  if (!header) throw refused()
  const [scheme, encoded] = header.split(' ')
  if (encoded === undefined) throw new Fault(400, 'not enough values to unpack (expected 2, got 1)')
  if (scheme?.toLowerCase() !== 'basic') throw refused()
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon === -1) throw refused()
  const user = world.accounts.users.get(text.slice(0, colon))
  if (user?.password === undefined || user.password !== text.slice(colon + 1)) throw refused()
  return user
}

/** Seconds that the token may live. @throws Fault 400 in the server's words */
const lifetime = (ttl: unknown, most: number): number => {
  if (ttl === undefined || ttl === null) return most
  if (typeof ttl !== 'number' || !Number.isInteger(ttl)) {
    const shown = typeof ttl === 'string' ? `'${ttl}'` : JSON.stringify(ttl)
    throw new Fault(400, `${shown} is not of type 'integer', 'null'`)
  }
  if (ttl < 1) throw new Fault(400, `${ttl} is less than the minimum of 1`)
  if (ttl > most) {
    throw new Fault(400, `TTL specified ${ttl} is greater than max allowed ${most}.`)
  }
  return ttl
}

/** The user that the token is for: the caller, or whom a service account names. @throws Fault 400 */
const subject = (world: World, caller: User, body: Json): User => {
  const { user, impersonate_user: nick, nickname_origin: origin } = body
  const wanted = typeof user === 'string' ? user : typeof nick === 'string' ? nick : undefined
  if (wanted === undefined) return caller
  if (!caller.service) {
    throw new Fault(
      400,
      'Current user is not a service and cannot request impersonated tokens',
    )
  }
  if (typeof user === 'string') return world.accounts.user(user)
  if (typeof origin !== 'string') {
    throw new Fault(400, `Nickname origin is not provided for nickname '${wanted}'`)
  }
  const found = [...world.accounts.users.values()].filter((one) => one.nicknames[origin] === wanted)
  if (found.length > 1) {
    throw new Fault(400, `${wanted}@${origin} matched more than one username`)
  }
  if (!found[0]) throw new Fault(400, `Could not locate user ${wanted}@${origin}`)
  return found[0]
}

const tokenDocument = (token: Token): Json => ({
  user: token.user,
  token: token.token,
  expiry: token.expiry,
  metadata: {},
  service: token.service,
  id: token.id,
})

/** The auth service: `POST /tokens` and `POST /tokens/validate`. */
export const tokenRoutes = (world: World, apiUrl: () => string): Hono =>
  new Hono({ strict: false })
    .post('/tokens', async (c) => {
      const caller = basicUser(world, c.req.header('Authorization') ?? null)
      const body = await readObject(c.req.raw, {}, true)
      const seconds = lifetime(body.ttl, world.tokenLifetime)
      const token = world.accounts.issueToken(subject(world, caller, body), seconds)
      return c.json(tokenDocument(token), 201, { 'X-API-URL': apiUrl() })
    })
    .post('/tokens/validate', async (c) => {
      const cookie = tokenCookie(world, authenticate(world, c.req.raw))
      const body = await readBody(c.req.raw) as { token?: unknown } | null
      if (!body?.token) throw new Fault(400, 'Token is not provided.')
      const token = world.accounts.tokens.get(String(body.token))
      if (cookie) c.header('Set-Cookie', cookie)
      return c.json({ valid: token !== undefined && token.expires > world.clock.now() })
    })
