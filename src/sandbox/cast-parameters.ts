import { CastError, castParameter } from '../alias/cast.ts'
import { Fault } from './fault.ts'
import type { Action, Json, Runner } from './model.ts'
import { mergedSchemas } from './parameters.ts'

/**
 * Parameters that were read from a command, in the types that the action's metadata gives them.
 * @throws Fault 400 in the server's words
 */
export const castParameters = (action: Action, runner: Runner, given: Json): Json => {
  const schemas = mergedSchemas(action, runner)
  const cast = (name: string, value: unknown): unknown => {
    const type = schemas[name]?.type
    if (typeof type !== 'string' || (typeof value !== 'string' && value !== null)) return value
    try {
      return castParameter(name, type, value)
    } catch (cause) {
      if (cause instanceof CastError) throw new Fault(400, cause.message, { cause })
      throw cause
    }
  }
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, cast(name, value)]))
}
