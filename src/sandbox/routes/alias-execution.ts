// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import { type Context, Hono } from 'hono'
import type { Bindings } from '../bindings.ts'
import { acknowledgement, type Caller, representations, schedule } from '../alias-execution.ts'
import { authenticate } from '../auth.ts'
import { Fault, internalFault } from '../fault.ts'
import { matchCommand, parse, parseAll } from '../matching.ts'
import type { AliasDocument, Execution, Json, ParameterSchemas } from '../model.ts'
import { readObject } from '../request-body.ts'
import { runExecution } from '../run.ts'
import type { World } from '../world.ts'

const optionalText = { type: 'string', required: false } as const

const executionBody: ParameterSchemas = {
  name: { type: 'string', required: true },
  format: { type: 'string', required: true },
  command: { type: 'string', required: true },
  user: optionalText,
  source_channel: { type: 'string', required: true },
  source_context: { type: 'object', required: false },
  notification_route: optionalText,
  notification_channel: optionalText,
}

const matchBody: ParameterSchemas = {
  command: { type: 'string', required: true },
  user: { type: 'string', required: true },
  source_channel: { type: 'string', required: true },
  notification_route: optionalText,
  notification_channel: optionalText,
}

const caller = (world: World, request: Request, body: Json): Caller => ({
  // Nobody named: the literal word is what the server stores.
  apiUser: String(body.user ?? 'channel'),
  user: authenticate(world, request).user,
  channel: String(body.source_channel),
  route: String(body.notification_route || body.notification_channel || '') || null,
  context: body.source_context,
})

const aliasNamed = (world: World, name: string): AliasDocument => {
  if (name === '') throw new Fault(400, 'Alias execution "name" is required')
  // The pack does not count: of two aliases with one name the first is the only one there is.
  const alias = world.registry.aliases().find((one) => one.name === name)
  if (!alias) {
    throw new Fault(404, `Unable to find the ActionAliasDB instance. {'name': '${name}'}`)
  }
  if (!alias.enabled) {
    throw new Fault(400, `Action alias with name "${name}" is disabled.`)
  }
  return alias
}

const checkFormat = (alias: AliasDocument, format: string): void => {
  if (!representations(alias).includes(format)) {
    throw new Fault(
      400,
      `Format string "${format}" is not available on the alias "${alias.name}"`,
    )
  }
}

const wantsSecrets = (c: Context): boolean =>
  ['true', '1'].includes(c.req.query('show_secrets')?.toLowerCase() ?? '')

/** Runs what is scheduled, and lets the faults in force spoil the reply. */
const reply = async (
  world: World,
  c: Context,
  scheduled: readonly Execution[],
  answer: () => Json,
): Promise<Response> => {
  const { faults, executions, signal } = world
  const runs = scheduled.map((execution) => runExecution(world, execution.id))
  if (faults.strikes('failAfterScheduling')) throw internalFault()
  const body = answer()
  if (faults.strikes('eventBeforeReply')) {
    for (const execution of scheduled) await executions.finished(execution.id, signal)
    await Promise.all(runs)
  }
  if (faults.strikes('brokenBody')) {
    return c.body('{"execution": {"id": "', 201, { 'Content-Type': 'application/json' })
  }
  if (faults.strikes('hangPost')) return await silence(world, c.req.raw)
  if (faults.strikes('cutPost')) {
    c.env.server?.timeout(c.req.raw, 1)
    return await silence(world, c.req.raw)
  }
  return c.json(body, 201)
}

/** Never answers; ends when the client goes or the sandbox stops. */
const silence = (world: World, request: Request): Promise<Response> =>
  new Promise((resolve) => {
    const end = () => resolve(new Response(null, { status: 503 }))
    request.signal.addEventListener('abort', end, { once: true })
    world.signal.addEventListener('abort', end, { once: true })
  })

/** `/aliasexecution` and `/aliasexecution/match_and_execute`. */
export const aliasExecutionRoutes = (world: World): Hono<Bindings> =>
  new Hono<Bindings>({ strict: false })
    .post('/aliasexecution', async (c) => {
      const body = await readObject(c.req.raw, executionBody)
      const alias = aliasNamed(world, String(body.name))
      const format = String(body.format)
      checkFormat(alias, format)
      const parsed = await parse(world, format, String(body.command))
      const execution = schedule(world, alias, parsed, caller(world, c.req.raw, body))
      return await reply(
        world,
        c,
        [execution],
        () => acknowledgement(world, alias, execution, wantsSecrets(c)),
      )
    })
    .post('/aliasexecution/match_and_execute', async (c) => {
      const body = await readObject(c.req.raw, matchBody)
      const command = String(body.command)
      const { alias, representation, multiple } = await matchCommand(world, command)
      // The server stumbles over an alias that is for help only.
      if (representation === '') throw internalFault()
      checkFormat(alias, representation)
      const sets = multiple
        ? await parseAll(world, representation, command)
        : [await parse(world, representation, command)]
      const who = caller(world, c.req.raw, body)
      const scheduled = sets.map((set) => schedule(world, alias, set, who))
      return await reply(world, c, scheduled, () => ({
        results: scheduled.map((execution) =>
          acknowledgement(world, alias, execution, wantsSecrets(c))
        ),
      }))
    })
