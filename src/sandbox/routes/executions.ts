import { type Context, Hono } from 'hono'
import { pythonRepr } from '../../stackstorm/python-text.ts'
import { authenticate } from '../auth.ts'
import { cancelExecution } from '../cancel.ts'
import { queryExecutions } from '../execution-query.ts'
import { Fault, notFound } from '../fault.ts'
import { type Execution, isCompleted, type Json, type Notify, statuses } from '../model.ts'
import { checkParameters } from '../parameters.ts'
import { readObject } from '../request-body.ts'
import { runExecution } from '../run.ts'
import type { World } from '../world.ts'
import { attributes, page } from './query.ts'

const object = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Json : undefined

/** Attributes that have an address of their own. */
const attributeNames = ['result', 'trigger_instance', 'status']

/** The execution with this id, or the newest one for `last`. @throws Fault 404 */
const find = (world: World, id: string): Execution => {
  const all = world.executions.all()
  const execution = id === 'last' ? all.at(-1) : world.executions.get(id)
  if (!execution) throw new Fault(404, `Unable to identify resource with id "${id}".`)
  return execution
}

const wantsSecrets = (c: Context): boolean =>
  ['true', '1'].includes(c.req.query('show_secrets')?.toLowerCase() ?? '')

/** The context that a client may send along in a header. */
const headerContext = (c: Context): Json => {
  try {
    return object(JSON.parse(c.req.header('st2-context') ?? '{}')) ?? {}
  } catch {
    return {}
  }
}

/** Starts an action that a client names. @throws Fault 400 in the server's words */
const start = (world: World, c: Context, body: Json, more: Json): Execution => {
  const ref = String(body.action)
  const action = world.registry.action(ref)
  if (!action) throw new Fault(400, `Action "${ref}" cannot be found.`)
  const runner = world.registry.runner(action.runner_type)
  const parameters = object(body.parameters) ?? {}
  checkParameters(action, runner, parameters, {
    dump: false,
    free: !world.registry.isDeclared(action.ref),
  })
  const caller = authenticate(world, c.req.raw).user
  return world.executions.create({
    action,
    runner,
    parameters,
    notify: object(body.notify) as Notify | undefined,
    context: {
      ...headerContext(c),
      ...more,
      user: typeof body.user === 'string' ? body.user : caller,
      pack: action.pack,
    },
  })
}

const withoutLargeResult = (c: Context, document: Json): Json => {
  const limit = Number(c.req.query('max_result_size') ?? Number.POSITIVE_INFINITY)
  if (!(Number(document.result_size ?? 0) > limit)) return document
  const { result: _result, ...rest } = document
  return rest
}

/** `/executions`: list, one and its parts, start, change, cancel, re-run. */
export const executionRoutes = (world: World): Hono => {
  const { executions } = world
  const documents = (c: Context): Json[] =>
    executions.all().map((one) => executions.document(one, wantsSecrets(c)))
  const reply = (c: Context, execution: Execution): Response => {
    const document = executions.document(execution, wantsSecrets(c))
    void runExecution(world, execution.id)
    return c.json(document, 201)
  }

  return new Hono({ strict: false })
    .get('/executions', (c) => {
      const cut = attributes(c, ['id'])
      return page(c, queryExecutions(c, documents(c)).map(cut))
    })
    .post('/executions', async (c) => {
      const body = await readObject(
        c.req.raw,
        { action: { type: 'string', required: true } },
        true,
      )
      return reply(c, start(world, c, body, {}))
    })
    .get('/executions/:id', (c) => {
      const cut = attributes(c, ['id'])
      const execution = find(world, c.req.param('id'))
      return c.json(cut(withoutLargeResult(c, executions.document(execution, wantsSecrets(c)))))
    })
    .get('/executions/:id/result', (c) => {
      const execution = executions.get(c.req.param('id'))
      if (!execution) throw notFound()
      return c.json(execution.result ?? {})
    })
    .get('/executions/:id/output', (c) => {
      const { result } = find(world, c.req.param('id'))
      const { stdout = '', stderr = '' } = object(result) ?? {}
      return c.text(`${stdout}${stderr}`, 200, { 'Content-Type': 'text/plain; charset=UTF-8' })
    })
    .get('/executions/:id/children', (c) => {
      const parent = find(world, c.req.param('id'))
      return c.json(documents(c).filter((document) => document.parent === parent.id))
    })
    .get('/executions/:id/attribute/:name', (c) => {
      const name = c.req.param('name')
      if (!attributeNames.includes(name)) {
        throw new Fault(
          400,
          `Invalid attribute "${name}" specified. Valid attributes are: ${
            attributeNames.join(', ')
          }`,
        )
      }
      const document = executions.document(find(world, c.req.param('id')))
      return c.json((document[name] ?? null) as Json | null)
    })
    .delete('/executions/:id', (c) => {
      const execution = find(world, c.req.param('id'))
      const { user } = authenticate(world, c.req.raw)
      return c.json(cancelExecution(world, execution, user))
    })
    .put('/executions/:id', async (c) => {
      const body = await readObject(c.req.raw, {}, true)
      const execution = find(world, c.req.param('id'))
      return c.json(change(world, execution, body, authenticate(world, c.req.raw).user))
    })
    .post('/executions/:id/re_run', async (c) => {
      const body = await readObject(c.req.raw, {}, true)
      const before = find(world, c.req.param('id'))
      // A re-run keeps neither the chat's context nor whom to notify.
      const again = {
        action: before.action.ref,
        parameters: { ...before.parameters, ...object(body.parameters) },
        user: body.user,
      }
      return reply(
        c,
        start(world, c, again, {
          're-run': { ref: before.id },
          trace_context: { id_: world.ids.objectId() },
        }),
      )
    })
}

/** What PUT does: cancels; the sandbox has no workflows that could pause. @throws Fault 400 */
const change = (world: World, execution: Execution, body: Json, user: string): Json => {
  const status = String(body.status)
  if (!(statuses as readonly string[]).includes(status)) {
    throw new Fault(400, `${pythonRepr(body.status)} is not one of ${pythonRepr(statuses)}`)
  }
  if (isCompleted(execution.status)) {
    throw new Fault(400, 'Execution is already in completed state.')
  }
  if (status === 'canceled') return cancelExecution(world, execution, user)
  const verb = status === 'resuming' ? 'resume' : 'pause'
  throw new Fault(
    400,
    `Failed updating execution. Unable to ${verb} liveaction "${execution.liveactionId}" ` +
      `because it is not supported by the "${execution.runner.name}" runner.`,
  )
}
