import { createHash } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { authenticate } from '../auth.ts'
import { chatopsPack, chatopsRules, triggerTypes } from '../chatops-documents.ts'
import { Fault } from '../fault.ts'
import type { Json } from '../model.ts'
import { readObject } from '../request-body.ts'
import type { World } from '../world.ts'
import { attributes, page } from './query.ts'

const one = (documents: readonly Json[], ref: string, kind: string): Json => {
  const found = documents.find((document) => document.ref === ref || document.id === ref)
  if (!found) throw new Fault(404, `Resource with a ${kind} or id "${ref}" not found`)
  return found
}

const pack = (name: string): Json =>
  name === 'chatops' ? chatopsPack : {
    uid: `pack:${name}`,
    ref: name,
    name,
    description: '',
    keywords: [],
    version: '1.0.0',
    python_versions: ['3'],
    author: '',
    email: '',
    contributors: [],
    files: [],
    path: `/opt/stackstorm/packs/${name}`,
    dependencies: [],
    system: {},
    id: Buffer.from(`pack-${name}`).toString('hex').padEnd(24, '0').slice(0, 24),
  }

/** Who is asking, with the token's end to the second. */
const whoami = (world: World, c: Context): Json => {
  const { user, method, location, token } = authenticate(world, c.req.raw)
  const expires = token
    ? { token_expire: new Date(token.expires).toISOString().replace(/\.\d+Z$/, 'Z') }
    : {}
  return {
    username: user,
    authentication: { method, location, ...expires },
    rbac: { enabled: false, roles: [], is_admin: true },
  }
}

/** The documents beside aliases and executions that a client reads about itself and the server. */
export const catalogRoutes = (world: World): Hono =>
  new Hono({ strict: false })
    .get('/user', (c) => c.json(whoami(world, c)))
    .post('/apikeys', async (c) => {
      const body = await readObject(c.req.raw, {}, true)
      const { user } = authenticate(world, c.req.raw)
      const made = world.accounts.addApiKey(user, (body.metadata ?? {}) as Json)
      const hash = createHash('sha512').update(made.key).digest('hex')
      return c.json({
        uid: `api_key:${hash}`,
        user: made.user,
        metadata: made.metadata,
        created_at: made.created,
        enabled: made.enabled,
        id: made.id,
        key: made.key,
      }, 201)
    })
    .get('/rules', (c) => {
      const cut = attributes(c, ['id', 'ref'])
      const wanted = c.req.query('pack')
      const found = chatopsRules.filter((rule) => !wanted || rule.pack === wanted)
      return page(c, found.map(cut), { showLimit: false })
    })
    .get('/rules/:ref', (c) =>
      c.json(attributes(c, ['id', 'ref'])(one(chatopsRules, c.req.param('ref'), 'reference'))))
    .get('/packs', (c) =>
      page(c, world.registry.packs().map(pack).map(attributes(c, ['id', 'ref']))))
    .get('/packs/:ref', (c) =>
      c.json(one(world.registry.packs().map(pack), c.req.param('ref'), 'ref')))
    .get('/actions', (c) => {
      const cut = attributes(c, ['id', 'ref'])
      return page(
        c,
        world.registry.actions().map((action) =>
          cut(action as unknown as Json)
        ),
      )
    })
    .get('/actions/:ref', (c) =>
      c.json(
        one(
          world.registry.actions() as unknown as readonly Json[],
          c.req.param('ref'),
          'reference',
        ),
      ))
    .get('/runnertypes/:name', (c) => c.json(world.registry.runner(c.req.param('name'))))
    .get('/triggertypes/:ref', (c) => c.json(one(triggerTypes, c.req.param('ref'), 'reference')))
    .get('/ruleenforcements', (c) => {
      const { rule_ref: ref, execution } = c.req.query()
      const found = world.enforcements.filter((fired) =>
        (!ref || (fired.rule as { ref: string }).ref === ref) &&
        (!execution || fired.execution_id === execution)
      )
      return page(c, found.toReversed())
    })
