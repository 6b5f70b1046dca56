import { type Alias, AliasProblem, readAlias } from '../alias/alias.ts'
import { matchOnServer } from '../alias/server-match.ts'
import { Fault, internalFault } from './fault.ts'
import type { AliasDocument, Json } from './model.ts'
import type { World } from './world.ts'

/** The one alias that a command fits. */
export type Match = {
  readonly alias: AliasDocument
  readonly display: string | null
  readonly representation: string
  readonly multiple: boolean
}

/**
 * Finds the alias for a command as the server's `match` does.
 * @throws Fault 400 for none or several, 500 if any enabled alias has a broken pattern
 */
export const matchCommand = async (world: World, command: string): Promise<Match> => {
  const documents = world.registry.aliases()
  const result = await matchOnServer(documents.flatMap(readable), command, world.dialect)
  if (result.status !== 200) throw new Fault(result.status, result.error)
  const alias = documents.find((one) => one.ref === result.alias.ref)
  if (!alias) throw internalFault()
  return {
    alias,
    display: result.display ?? null,
    representation: result.representation,
    multiple: result.multiple,
  }
}

/** A test may serve documents that are no aliases; nothing matches them. */
const readable = (document: AliasDocument): readonly Alias[] => {
  try {
    return [readAlias(document)]
  } catch (error) {
    if (error instanceof AliasProblem) return []
    throw error
  }
}

/** The parameters that one format reads from a command. @throws Fault 400 or 500 */
export const parse = async (world: World, format: string, command: string): Promise<Json> => {
  const parsed = await world.dialect.parse(format, command)
  if ('parameters' in parsed) return { ...parsed.parameters }
  throw parsed.kind === 'mismatch' ? new Fault(400, parsed.error) : internalFault(parsed.error)
}

/** The parameter sets that a `match_multiple` format reads from a command. @throws Fault 400 or 500 */
export const parseAll = async (
  world: World,
  format: string,
  command: string,
): Promise<readonly Json[]> => {
  const parsed = await world.dialect.parseMultiple(format, command)
  if ('sets' in parsed) return parsed.sets.map((set) => ({ ...set }))
  throw parsed.kind === 'mismatch' ? new Fault(400, parsed.error) : internalFault(parsed.error)
}
