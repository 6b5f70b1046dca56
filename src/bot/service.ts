import type { AdapterDefinition, Connection } from '../chat/adapter.ts'
import { type Addressed, createAddressing } from '../chat/addressing.ts'
import type { ChatMessage } from '../chat/message.ts'

/** One chat service that the bot talks in: its definition, its connection, and who is meant there. */
export type Service = {
  readonly name: string
  readonly definition: AdapterDefinition
  /** Its name and its aliases: `extra` of an alias is found under any of them. */
  readonly spellings: readonly string[]
  readonly connection: Connection
  /** The command in a message that is for the bot; undefined for all others. */
  readonly addressed: (message: ChatMessage) => Addressed | undefined
}

/**
 * Joins a connection with the names that the bot listens to. A service may rename the bot when it logs in, so the names
 * are looked at with each message; the matcher is made anew only when they changed.
 */
export const createService = (
  definition: AdapterDefinition,
  connection: Connection,
  names: readonly string[],
): Service => {
  let self = connection.self
  const matcher = () => createAddressing([...names, self.name, ...self.mentions])
  let match = matcher()
  return {
    name: definition.name,
    definition,
    spellings: [definition.name, ...definition.aliases],
    connection,
    addressed: (message) => {
      if (self !== connection.self) {
        self = connection.self
        match = matcher()
      }
      return match(message)
    },
  }
}
