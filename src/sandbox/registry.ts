import { coreActions } from './core-actions.ts'
import { coreRunners } from './core-runners.ts'
import type { Events } from './events.ts'
import type { Ids } from './ids.ts'
import type { Action, AliasDocument, Json, ParameterSchemas, Runner } from './model.ts'
import type { Fixture, PackDocuments } from './options.ts'

/** The content that packs bring: aliases, actions, runners, fixtures. */
export type Registry = {
  /** All aliases, ordered as the API lists them: by pack, then name. */
  readonly aliases: () => readonly AliasDocument[]
  readonly actions: () => readonly Action[]
  /** An action by its reference; one of a pack's that has no metadata is made up. */
  readonly action: (ref: string) => Action | undefined
  /** Whether an action has metadata to be checked against. */
  readonly isDeclared: (ref: string) => boolean
  readonly runner: (name: string) => Runner
  /** The fixture declared for an action, or for the alias it was called by. */
  readonly fixture: (action: string, alias: string | undefined) => Fixture | undefined
  readonly packs: () => readonly string[]
  /** Replaces everything that packs brought; tells the stream which aliases came, changed and went. */
  readonly load: (packs: readonly PackDocuments[]) => void
}

const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Json : {}

/** Aliases and actions keep their ids while they keep their names, as documents in a database do. */
type IdOf = (kind: string, ref: string) => string

const aliasDocument = (pack: string, source: Json, idOf: IdOf): AliasDocument => {
  const name = String(source.name)
  const owner = typeof source.pack === 'string' ? source.pack : pack
  const ref = `${owner}.${name}`
  return {
    uid: `action_alias:${owner}:${name}`,
    ...(typeof source.metadata_file === 'string' ? { metadata_file: source.metadata_file } : {}),
    name,
    ref,
    ...(typeof source.description === 'string' ? { description: source.description } : {}),
    pack: owner,
    enabled: source.enabled !== false,
    action_ref: String(source.action_ref),
    formats: Array.isArray(source.formats) ? source.formats : [],
    ack: object(source.ack),
    result: object(source.result),
    extra: object(source.extra),
    immutable_parameters: object(source.immutable_parameters),
    id: typeof source.id === 'string' ? source.id : idOf('alias', ref),
  }
}

const actionDocument = (pack: string, source: Json, idOf: IdOf): Action => {
  const name = String(source.name)
  return {
    tags: [],
    uid: `action:${pack}:${name}`,
    metadata_file: `actions/${name}.yaml`,
    name,
    ref: `${pack}.${name}`,
    ...(typeof source.description === 'string' ? { description: source.description } : {}),
    enabled: source.enabled !== false,
    entry_point: String(source.entry_point ?? ''),
    pack,
    runner_type: String(source.runner_type ?? 'python-script'),
    parameters: object(source.parameters) as ParameterSchemas,
    output_schema: object(source.output_schema),
    notify: object(source.notify),
    id: idOf('action', `${pack}.${name}`),
  }
}

/** Packs whose actions are known in full: what is not among them does not exist. */
const closedPacks = new Set(['core', 'chatops'])

export const createRegistry = (ids: Ids, events: Events): Registry => {
  const known = new Map<string, string>()
  const idOf: IdOf = (kind, ref) => {
    const key = `${kind}:${ref}`
    const id = known.get(key) ?? ids.objectId()
    known.set(key, id)
    return id
  }
  const core = coreActions.map(({ ref, ...source }) => {
    const [pack = '', name] = ref.split('.')
    return actionDocument(pack, { ...source, name }, idOf)
  })
  const runners = new Map(
    coreRunners.map((source): [string, Runner] => [source.name, runnerDocument(source, idOf)]),
  )
  let aliases: readonly AliasDocument[] = []
  let actions: ReadonlyMap<string, Action> = new Map(core.map((action) => [action.ref, action]))
  let fixtures: ReadonlyMap<string, Fixture> = new Map()
  let packs: readonly string[] = []

  const load = (sources: readonly PackDocuments[]): void => {
    const before = aliases
    packs = sources.map((pack) => pack.name)
    fixtures = new Map(
      sources.flatMap((pack) =>
        Object.entries(pack.fixtures ?? {}).map(([name, fixture]) =>
          [`${pack.name}.${name}`, fixture] as const
        )
      ),
    )
    actions = new Map(
      [
        ...core,
        ...sources.flatMap((pack) =>
          (pack.actions ?? []).map((source) => actionDocument(pack.name, source, idOf))
        ),
      ].map((action) => [action.ref, action]),
    )
    aliases = sources
      .flatMap((pack) => pack.aliases.map((source) => aliasDocument(pack.name, source, idOf)))
      .sort((a, b) => order(a.pack, b.pack) || order(a.name, b.name))
    announceChanges(events, before, aliases)
  }

  const action = (ref: string): Action | undefined => {
    const found = actions.get(ref)
    if (found) return found
    const [pack = '', ...rest] = ref.split('.')
    if (closedPacks.has(pack) || rest.length === 0) return undefined
    const runner = fixtures.get(ref)?.runner
    return actionDocument(pack, {
      name: rest.join('.'),
      ...(runner === undefined ? {} : { runner_type: runner }),
    }, idOf)
  }

  return {
    aliases: () => aliases,
    actions: () => [...actions.values()],
    action,
    isDeclared: (ref) => actions.has(ref),
    runner: (name) =>
      runners.get(name) ??
        runnerDocument({
          name,
          description: '',
          runner_package: `${name.replaceAll('-', '_')}_runner`,
          runner_module: `${name.replaceAll('-', '_')}_runner`,
          runner_parameters: {},
        }, idOf),
    fixture: (ref, alias) => fixtures.get(ref) ?? (alias ? fixtures.get(alias) : undefined),
    packs: () => ['core', 'chatops', ...packs.filter((name) => !closedPacks.has(name))],
    load,
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const runnerDocument = (source: (typeof coreRunners)[number], idOf: IdOf): Runner => ({
  name: source.name,
  description: source.description,
  uid: `runner_type:${source.name}`,
  enabled: true,
  runner_package: source.runner_package,
  runner_module: source.runner_module,
  runner_parameters: source.runner_parameters,
  output_schema: {},
  id: idOf('runner', source.name),
})

/** The server publishes each alias that is created, updated or deleted. */
const announceChanges = (
  events: Events,
  before: readonly AliasDocument[],
  after: readonly AliasDocument[],
): void => {
  const old = new Map(before.map((alias) => [alias.ref, alias]))
  const now = new Set(after.map((alias) => alias.ref))
  for (const alias of after) {
    const previous = old.get(alias.ref)
    if (!previous) events.emit('st2.actionalias__create', alias)
    else if (!Bun.deepEquals(previous, alias)) events.emit('st2.actionalias__update', alias)
  }
  for (const alias of before) {
    if (!now.has(alias.ref)) events.emit('st2.actionalias__delete', alias)
  }
}
