import { Hono } from 'hono'
import { pythonRepr } from '../../stackstorm/python-text.ts'
import { authenticate } from '../auth.ts'
import { Fault, notFound } from '../fault.ts'
import { type Execution, isCompleted, type Json, type ParameterSchemas } from '../model.ts'
import { objectProblem, problemDump } from '../parameters.ts'
import { readObject } from '../request-body.ts'
import { complete } from '../run.ts'
import type { World } from '../world.ts'
import { page } from './query.ts'

type Question = {
  readonly route: string
  readonly ttl: number
  readonly users: readonly string[]
  readonly roles: readonly string[]
  readonly schema: {
    readonly properties?: ParameterSchemas
    readonly additionalProperties?: boolean
  }
}

const question = (execution: Execution): Question => execution.result as Question

const document = (execution: Execution): Json => {
  const { route, ttl, users, roles, schema } = question(execution)
  return { id: execution.id, route, ttl, users, roles, schema }
}

/** The open inquiry with this id. @throws Fault 404, or 400 for what is none or no longer open */
const find = (world: World, id: string): Execution => {
  const execution = world.executions.get(id)
  if (!execution) throw notFound()
  if (execution.runner.name !== 'inquirer') {
    throw new Fault(400, `Action execution "${id}" is not an inquiry.`)
  }
  if (execution.status === 'timeout') {
    throw new Fault(400, `Inquiry "${id}" timed out and can no longer be responded to`)
  }
  if (isCompleted(execution.status)) {
    throw new Fault(400, `Inquiry "${id}" has already been responded to.`)
  }
  return execution
}

const mayAnswer = (world: World, execution: Execution, user: string): void => {
  const { users } = question(execution)
  if (users.length === 0 || users.includes(user)) return
  const { id, service } = world.accounts.user(user)
  // The server really prints its database object here.
  throw new Fault(
    403,
    `User "UserDB(id=${id}, is_service=${pythonRepr(service)}, name="${user}", nicknames={})" ` +
      `does not have permission to respond to inquiry "${execution.id}".`,
  )
}

const checkResponse = (execution: Execution, response: Json): void => {
  const { properties = {}, additionalProperties = true } = question(execution).schema
  const problem = objectProblem(response, properties, additionalProperties)
  if (!problem) return
  throw new Fault(
    400,
    `Response for inquiry "${execution.id}" did not pass schema validation. ` +
      problemDump(problem, properties, response),
  )
}

/** `/inquiries`: the open ones, one, and the answer to one. */
export const inquiryRoutes = (world: World): Hono =>
  new Hono({ strict: false })
    .get('/inquiries', (c) => {
      const open = world.executions.all().filter((one) =>
        one.runner.name === 'inquirer' && one.status === 'pending'
      )
      return page(c, open.map(document), { standard: 20 })
    })
    .get('/inquiries/:id', (c) => c.json(document(find(world, c.req.param('id')))))
    .put('/inquiries/:id', async (c) => {
      const body = await readObject(c.req.raw, {
        id: { type: 'string', required: true },
        response: { type: 'object', required: true },
      }, true)
      const execution = find(world, c.req.param('id'))
      const response = body.response as Json
      const { user } = authenticate(world, c.req.raw)
      checkResponse(execution, response)
      mayAnswer(world, execution, user)
      await complete(world, execution.id, {
        status: 'succeeded',
        result: { ...question(execution), response },
      })
      return c.json({ id: execution.id, response })
    })
