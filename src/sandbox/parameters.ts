import { pythonRepr } from '../stackstorm/python-text.ts'
import { Fault } from './fault.ts'
import type { Action, Json, ParameterSchema, ParameterSchemas, Runner } from './model.ts'

/** All parameters of an action: its runner's, each refined by its own. */
export const mergedSchemas = (action: Action, runner: Runner): ParameterSchemas => {
  const merged: Record<string, ParameterSchema> = { ...runner.runner_parameters }
  for (const [name, schema] of Object.entries(action.parameters)) {
    merged[name] = { ...merged[name], ...schema }
  }
  return merged
}

/** Types that a value may have; one that may be left out may also be null. */
const allowedTypes = (schema: ParameterSchema): readonly string[] => {
  if (schema.type === undefined) return []
  const types = [schema.type].flat() as string[]
  const optional = schema.required !== true &&
    (schema.default === undefined || schema.default === null)
  return optional ? [...types, 'null'] : types
}

const hasType = (value: unknown, type: string): boolean => {
  switch (type) {
    case 'null':
      return value === null
    case 'string':
      return typeof value === 'string'
    case 'boolean':
      return typeof value === 'boolean'
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value)
    case 'number':
      return typeof value === 'number'
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    default:
      return true
  }
}

/** What is wrong with one value, in the words of Python's jsonschema; undefined if nothing is. */
const valueProblem = (value: unknown, schema: ParameterSchema): string | undefined => {
  const types = allowedTypes(schema)
  if (types.length > 0 && !types.some((type) => hasType(value, type))) {
    return `${pythonRepr(value)} is not of type ${types.map((type) => `'${type}'`).join(', ')}`
  }
  if (schema.enum && !schema.enum.some((item) => Bun.deepEquals(item, value))) {
    return `${pythonRepr(value)} is not one of ${pythonRepr(schema.enum)}`
  }
  return undefined
}

/**
 * What is wrong with an object: the first line of the server's answer, and the keyword that failed.
 * Draft 3 style, as StackStorm has it: `required` stands beside the property.
 */
export const objectProblem = (
  values: Json,
  schemas: ParameterSchemas,
  additional: boolean,
): { line: string; keyword: string } | undefined => {
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(schemas, name))
  if (!additional && unknown.length > 0) {
    // The validator reports the outermost problem, and this one is further out than any property's.
    const names = unknown.map((name) => `'${name}'`).join(', ')
    const verb = unknown.length === 1 ? 'was' : 'were'
    return {
      line: `Additional properties are not allowed (${names} ${verb} unexpected)`,
      keyword: 'additionalProperties',
    }
  }
  for (const [name, schema] of Object.entries(schemas)) {
    const value = values[name] === undefined ? schema.default : values[name]
    if (value === undefined) {
      if (schema.required === true) {
        return { line: `'${name}' is a required property`, keyword: 'required' }
      }
      continue
    }
    const line = valueProblem(value, schema)
    if (line) return { line, keyword: line.includes('is not of type') ? 'type' : 'enum' }
  }
  return undefined
}

/** The several lines that the server's validator prints after the one that matters. */
export const problemDump = (
  problem: { line: string; keyword: string },
  schemas: ParameterSchemas,
  values: Json,
): string =>
  `${problem.line}\n\nFailed validating '${problem.keyword}' in schema:\n    ` +
  `{'type': 'object',\n     'properties': ${pythonRepr(schemas)},\n     ` +
  `'additionalProperties': False}\n\nOn instance:\n    ${pythonRepr(values)}`

/**
 * Checks parameters against the metadata of the action and its runner. `free` lets any other
 * parameter pass, for an action without metadata; `dump` appends what the validator prints.
 * @throws Fault 400 in the server's words
 */
export const checkParameters = (
  action: Action,
  runner: Runner,
  parameters: Json,
  options: { readonly dump: boolean; readonly free: boolean },
): void => {
  if (!action.enabled) {
    throw new Fault(400, `Unable to execute. Action "${action.ref}" is disabled.`)
  }
  const schemas = mergedSchemas(action, runner)
  const problem = objectProblem(parameters, schemas, options.free)
  if (problem) {
    throw new Fault(400, options.dump ? problemDump(problem, schemas, parameters) : problem.line)
  }
  const fixed = Object.keys(parameters).filter((name) => schemas[name]?.immutable === true)
  if (fixed.length > 0) {
    throw new Fault(400, `Override of immutable parameter(s) ${pythonRepr(fixed)} is unsupported.`)
  }
}

/** Parameters as the runner sees them: defaults filled in. */
export const withDefaults = (action: Action, runner: Runner, parameters: Json): Json => {
  const values: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(mergedSchemas(action, runner))) {
    if (schema.default !== undefined && schema.default !== null) values[name] = schema.default
  }
  return { ...values, ...parameters }
}
