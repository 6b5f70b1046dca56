import { createDialect } from '../alias/dialect.ts'
import { systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import { createAccounts } from './accounts.ts'
import { emitAnnouncement } from './announcements.ts'
import { createEvents } from './events.ts'
import { createExecutions } from './executions.ts'
import { createFaults, type Faults } from './faults.ts'
import { createIds } from './ids.ts'
import type { Json } from './model.ts'
import type { PackDocuments, SandboxOptions } from './options.ts'
import { createRegistry } from './registry.ts'
import { createApp } from './server.ts'
import type { World } from './world.ts'

export type { Fixture, PackDocuments, PackSource, SandboxOptions } from './options.ts'

/** A running stand-in StackStorm. */
export type Sandbox = {
  /** Where it listens, such as `http://127.0.0.1:40123`; its API is below `/api`, as behind nginx. */
  readonly url: string
  readonly apiUrl: string
  readonly authUrl: string
  readonly streamUrl: string
  readonly apiKey: string
  readonly user: string
  readonly password: string
  readonly faults: Faults
  /** Puts an announcement on the stream that no execution stands behind. */
  readonly announce: (payload: Json, route?: string, trace?: Json | null) => Promise<void>
  /** All executions as the API gives them, oldest first. */
  readonly executions: () => readonly Json[]
  /** Replaces the packs; the stream tells which aliases came, changed and went. */
  readonly setPacks: (packs: readonly PackDocuments[]) => void
  /** Replaces all aliases by documents with a `pack` each, and keeps everything else. */
  readonly setAliases: (documents: readonly Json[]) => void
  /** How many clients listen to the stream. */
  readonly streams: () => number
  readonly closeStreams: () => void
  readonly stop: () => Promise<void>
}

/** Executions that are remembered when nothing else is said: some hours of a busy chat. */
const remembered = 5000

/** Starts a sandbox. It forgets everything when it stops. */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const clock = options.clock ?? systemClock
  const stopping = new AbortController()
  const ids = createIds(clock)
  const events = createEvents()
  const registry = createRegistry(ids, events)
  const accounts = createAccounts(ids, clock)
  let url = ''
  const world: World = {
    clock,
    log: options.log ?? silentLog,
    ids,
    events,
    registry,
    accounts,
    dialect: createDialect(),
    executions: createExecutions({
      ids,
      events,
      webUrl: () => options.webUrl ?? url,
      remember: options.remember ?? remembered,
    }),
    faults: createFaults(),
    enforcements: [],
    allowLocal: options.allowLocal ?? false,
    heartbeat: options.heartbeat ?? 25_000,
    tokenLifetime: options.tokenLifetime ?? 86_400,
    version: options.version ?? '3.9.0',
    signal: stopping.signal,
  }

  const user = options.user ?? 'chatops_bot'
  const password = options.password ?? ids.token()
  accounts.users.set(user, { ...accounts.user(user), password })
  const { key: apiKey } = accounts.addApiKey(user, { used_by: 'st2chatops' }, options.apiKey)

  const packs = options.packs.filter((pack): pack is PackDocuments => typeof pack !== 'string')
  registry.load(packs)

  const { app, streams } = createApp(world, () => url)
  const server = Bun.serve({
    hostname: options.hostname ?? '127.0.0.1',
    port: options.port ?? 0,
    idleTimeout: 0,
    fetch: (request, server) => app.fetch(request, { server }),
  })
  url = `http://${server.hostname}:${server.port}`

  let current = packs
  const setPacks = (next: readonly PackDocuments[]) => {
    current = [...next]
    registry.load(current)
  }
  return {
    url,
    apiUrl: `${url}/api`,
    authUrl: `${url}/auth`,
    streamUrl: `${url}/stream`,
    apiKey,
    user,
    password,
    faults: world.faults,
    announce: (payload, route = 'chatops', trace = null) =>
      emitAnnouncement(world, route, payload, trace),
    executions: () => world.executions.all().map((one) => world.executions.document(one)),
    setPacks,
    setAliases: (documents) => setPacks(withAliases(current, documents)),
    streams: streams.count,
    closeStreams: streams.close,
    stop: async () => {
      stopping.abort(new Error('The sandbox stops'))
      streams.close()
      await server.stop(true)
    },
  }
}

/** The packs with other aliases, each in the pack that it names. */
const withAliases = (
  packs: readonly PackDocuments[],
  documents: readonly Json[],
): readonly PackDocuments[] => {
  const names = new Set([...packs.map((pack) => pack.name), ...documents.map(packOf)])
  return [...names].map((name) => ({
    ...(packs.find((pack) => pack.name === name) ?? { name }),
    aliases: documents.filter((document) => packOf(document) === name),
  }))
}

const packOf = (document: Json): string => String(document.pack ?? 'default')
