import { type FakeIrc, type FakeIrcOptions, startFakeIrc } from '../../fakes/irc/server.ts'
import { connectTo, type TestConnection, type Variables } from './connect.ts'

/** A server in memory and the bot on it. */
export type Room = AsyncDisposable & { readonly server: FakeIrc; readonly it: TestConnection }

/** Settles when the bot is connected. */
export const openRoom = async (
  variables: Variables = {},
  options: FakeIrcOptions = {},
): Promise<Room> => {
  const server = await startFakeIrc(options)
  const it = await connectTo(server.port, variables)
  await it.up()
  return {
    server,
    it,
    [Symbol.asyncDispose]: async () => {
      await it[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

/** What a message was refused with; undefined when it was taken. */
export const rejection = (sent: Promise<unknown>): Promise<unknown> =>
  sent.then(() => undefined, (error: unknown) => error)
