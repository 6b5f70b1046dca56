import { createBacktracker } from '../alias/backtracker.ts'
import { createDialect } from '../alias/dialect.ts'
import { systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import { createAccounts } from './accounts.ts'
import { emitAnnouncement } from './announcements.ts'
import { createEvents } from './events.ts'
import { type Change, createExecutions } from './executions.ts'
import { createFaults, type Faults } from './faults.ts'
import { createIds } from './ids.ts'
import type { Json } from './model.ts'
import type { PackDocuments, PackSource, SandboxOptions } from './options.ts'
import { loadPackSources } from './pack-folder.ts'
import { createRegistry } from './registry.ts'
import { controlRoutes } from './routes/control.ts'
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
  /** Resolves when every execution that was started so far has come to rest, its announcement included. */
  readonly settled: () => Promise<void>
  /** Puts an execution into a state as if its runner had reported it. Nobody is notified. */
  readonly change: (id: string, change: Change) => void
  /** Adds a user, or gives one other rights. */
  readonly setUser: (user: UserChange) => void
  readonly setApiKeyEnabled: (key: string, enabled: boolean) => void
  /** Lets all tokens that were issued so far expire now. */
  readonly expireTokens: () => void
  /** Replaces the packs; the stream tells which aliases came, changed and went. */
  readonly setPacks: (packs: readonly PackDocuments[]) => void
  /** Replaces all aliases by documents with a `pack` each, and keeps everything else. */
  readonly setAliases: (documents: readonly Json[]) => void
  /** How many clients listen to the stream. */
  readonly streams: () => number
  readonly closeStreams: () => void
  readonly stop: () => Promise<void>
}

/** What a test says of a user; nicknames are those that a service account may ask by. */
export type UserChange = {
  readonly name: string
  readonly password?: string
  readonly service?: boolean
  readonly nicknames?: Readonly<Record<string, string>>
}

/** Executions that are remembered when nothing else is said: some hours of a busy chat. */
const remembered = 5000

/**
 * Starts a stand-in StackStorm: auth, API and stream behind one port, with the paths of the stock nginx
 * (`/auth/v1`, `/api/v1`, `/stream/v1`), and `/sandbox` for tests in other processes. It forgets
 * everything when it stops.
 *
 * It runs `core.noop`, announcements and inquiries, and with `allowLocal` shell commands on this host.
 * Every other action answers what its pack declares in `fixtures/<action or alias name>.yaml`:
 *
 *     status: failed              # succeeded when it is left out
 *     result: {result: "no {{ parameters.service }}", exit_code: 1}
 *     delay: 2                    # seconds until it ends
 *     elapsed: 95                 # seconds that it claims to have taken
 *     runner: python-script       # decides how the default message looks
 *
 * It does not publish `st2.liveaction__*`, keeps no traces, streams no output of single executions,
 * and knows neither RBAC nor the datastore.
 */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const clock = options.clock ?? systemClock
  const stopping = new AbortController()
  const ids = createIds(clock)
  const events = createEvents()
  const registry = createRegistry(ids, events)
  const accounts = createAccounts(ids, clock)
  const backtracker = createBacktracker()
  let url = ''
  const world: World = {
    clock,
    log: options.log ?? silentLog,
    ids,
    events,
    registry,
    accounts,
    dialect: createDialect({ backtracker }),
    executions: createExecutions({
      ids,
      events,
      webUrl: () => options.webUrl ?? url,
      remember: options.remember ?? remembered,
    }),
    faults: createFaults(),
    runs: new Set(),
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

  const packs = await loaded(options.packs, world)
  registry.load(packs)

  const { app, streams } = createApp(world, () => url)
  let current = packs
  const setPacks = (next: readonly PackDocuments[]) => {
    current = [...next]
    registry.load(current)
  }
  const setAliases = (documents: readonly Json[]) => setPacks(withAliases(current, documents))
  const announce: Sandbox['announce'] = (payload, route = 'chatops', trace = null) =>
    emitAnnouncement(world, route, payload, trace)
  app.route(
    '/sandbox',
    controlRoutes({
      apiKey,
      state: () => ({
        streams: streams.count(),
        executions: world.executions.all().length,
        aliases: registry.aliases().length,
        faults: world.faults.current(),
      }),
      orderFaults: world.faults.set,
      clearFaults: world.faults.clear,
      closeStreams: streams.close,
      announce,
      setAliases,
    }),
  )
  const server = Bun.serve({
    hostname: options.hostname ?? '127.0.0.1',
    port: options.port ?? 0,
    idleTimeout: 0,
    fetch: (request, server) => app.fetch(request, { server }),
  })
  url = `http://${server.hostname}:${server.port}`

  return {
    url,
    apiUrl: `${url}/api`,
    authUrl: `${url}/auth`,
    streamUrl: `${url}/stream`,
    apiKey,
    user,
    password,
    faults: world.faults,
    announce,
    executions: () => world.executions.all().map((one) => world.executions.document(one)),
    settled: async () => {
      await Promise.all(world.runs)
    },
    change: (id, change) => {
      world.executions.change(id, change)
    },
    setUser: (change) => {
      accounts.users.set(change.name, { ...accounts.user(change.name), ...change })
    },
    setApiKeyEnabled: (key, enabled) => {
      const known = accounts.apiKeys.get(key)
      if (known) accounts.apiKeys.set(key, { ...known, enabled })
    },
    expireTokens: () => {
      for (const [name, token] of accounts.tokens) {
        accounts.tokens.set(name, { ...token, expires: 0 })
      }
    },
    setPacks,
    setAliases,
    streams: streams.count,
    closeStreams: streams.close,
    stop: async () => {
      stopping.abort(new Error('The sandbox stops'))
      streams.close()
      backtracker.close()
      // Lets the ends of the streams leave before their connections are cut.
      await clock.sleep(5)
      await server.stop(true)
    },
  }
}

/** Packs as data; folders are read, and what cannot be used in them is logged. */
const loaded = async (
  sources: readonly PackSource[],
  { log }: World,
): Promise<readonly PackDocuments[]> => {
  const { packs, problems } = await loadPackSources(sources)
  for (const { where, reason } of problems) log.warn(`Left out of the packs: ${reason}`, { where })
  return packs
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
