import { Fault } from './fault.ts'
import type { Json, ParameterSchemas } from './model.ts'
import { objectProblem } from './parameters.ts'

/**
 * A request's body as JSON; an empty one counts as `{}`.
 * @throws Fault 400 in the server's words
 */
export const readBody = async (request: Request): Promise<unknown> => {
  const text = await request.text()
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new Fault(400, `Failed to parse request body: ${parserMessage(text)}`)
  }
}

/** The server's parser says where it stopped; this says so for a text that just ends. */
const parserMessage = (text: string): string => {
  const lines = text.split('\n')
  const column = (lines.at(-1)?.length ?? 0) + 1
  return `unexpected end of data: line ${lines.length} column ${column} (char ${text.length})`
}

/**
 * A request's body as an object that fits `schemas` and has no other keys.
 * @throws Fault 400 in the server's words
 */
export const readObject = async (
  request: Request,
  schemas: ParameterSchemas,
  additional = false,
): Promise<Json> => {
  const body = await readBody(request)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Fault(400, `${JSON.stringify(body)} is not of type 'object'`)
  }
  const problem = objectProblem(body as Json, schemas, additional)
  if (problem) throw new Fault(400, problem.line)
  return body as Json
}
