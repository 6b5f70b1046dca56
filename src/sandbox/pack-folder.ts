import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import * as v from 'valibot'
import { parse } from 'yaml'
import { AliasProblem, readAlias } from '../alias/alias.ts'
import { readPacks } from '../alias/packs.ts'
import type { Json } from './model.ts'
import { type Fixture, type PackDocuments, type PackSource } from './options.ts'

/** Something in a pack that cannot be used, and why. */
export type PackProblem = { readonly where: string; readonly reason: string }

export type LoadedPacks = {
  readonly packs: readonly PackDocuments[]
  readonly problems: readonly PackProblem[]
}

const Fixture = v.strictObject({
  status: v.optional(v.picklist(['succeeded', 'failed', 'timeout', 'canceled', 'abandoned'])),
  result: v.optional(v.unknown()),
  delay: v.optional(v.pipe(v.number(), v.minValue(0))),
  elapsed: v.optional(v.pipe(v.number(), v.minValue(0))),
  runner: v.optional(v.string()),
})

const Action = v.looseObject({
  name: v.string(),
  runner_type: v.string(),
  parameters: v.optional(v.nullable(v.record(v.string(), v.record(v.string(), v.unknown())))),
})

const entries = async (folder: string): Promise<readonly string[]> => {
  try {
    return (await readdir(folder)).toSorted()
  } catch {
    return []
  }
}

/** All YAML files of a folder that fit a schema; the others become problems. */
const documents = async <Output>(
  folder: string,
  schema: v.GenericSchema<unknown, Output>,
  problems: PackProblem[],
): Promise<readonly (readonly [string, Output])[]> => {
  const found: (readonly [string, Output])[] = []
  for (const file of await entries(folder)) {
    if (!/\.(yaml|yml|json)$/.test(file)) continue
    const where = join(folder, file)
    try {
      const result = v.safeParse(schema, parse(await readFile(where, 'utf8')))
      if (result.success) found.push([basename(file).replace(/\.\w+$/, ''), result.output])
      else {
        const [issue] = result.issues
        problems.push({ where, reason: `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}` })
      }
    } catch (cause) {
      problems.push({ where, reason: cause instanceof Error ? cause.message : String(cause) })
    }
  }
  return found
}

/** The packs below a folder, or the folder itself if it is one. */
const packFolders = async (folder: string): Promise<readonly string[]> => {
  const names = await entries(folder)
  if (names.includes('aliases') || names.includes('pack.yaml')) return [folder]
  return names.map((name) => join(folder, name))
}

/** The name that a pack's own file gives it, or else its folder's. */
const nameOf = async (folder: string): Promise<string> => {
  try {
    const manifest = parse(await readFile(join(folder, 'pack.yaml'), 'utf8')) as Json | null
    const name = manifest?.ref ?? manifest?.name
    if (typeof name === 'string') return name
  } catch {
    // A pack without a manifest goes by its folder.
  }
  return basename(folder)
}

/** What an alias file may hold; the server refuses a file with any other key. */
const aliasKeys = new Set([
  'ack',
  'action_ref',
  'description',
  'enabled',
  'extra',
  'formats',
  'id',
  'immutable_parameters',
  'metadata_file',
  'name',
  'pack',
  'ref',
  'result',
  'uid',
])

/** Whether the server would register a document: it is an alias and nothing else. */
const isRegistered = (document: unknown, where: string, problems: PackProblem[]): boolean => {
  try {
    readAlias(document)
    const unknown = Object.keys(document as Json).filter((key) => !aliasKeys.has(key))
    if (unknown.length === 0) return true
    const names = unknown.map((key) => `"${key}"`).join(', ')
    problems.push({
      where,
      reason: `StackStorm refuses an alias with the key ${names}. What formats, ack, result and ` +
        `extra do not take belongs below extra.`,
    })
    return false
  } catch (error) {
    if (!(error instanceof AliasProblem)) throw error
    problems.push({ where, reason: error.message })
    return false
  }
}

const readFolder = async (folder: string): Promise<LoadedPacks> => {
  const problems: PackProblem[] = []
  const read = await readPacks(folder)
  for (const problem of read.problems) {
    const { file, line, reason } = problem
    problems.push({ where: line === undefined ? file : `${file}:${line}`, reason })
  }
  const packs = new Map<string, PackDocuments>()
  for (const path of await packFolders(folder)) {
    const name = await nameOf(path)
    const actions = await documents(join(path, 'actions'), Action, problems)
    const fixtures = await documents(join(path, 'fixtures'), Fixture, problems)
    const aliases = read.files
      .filter(({ file }) => dirname(file) === join(path, 'aliases'))
      .filter(({ file, document }) => isRegistered(document, file, problems))
      .map(({ document }) => document)
    if (aliases.length + actions.length + fixtures.length === 0) continue
    packs.set(name, {
      name,
      aliases: aliases as Json[],
      actions: actions.map(([, action]) => action),
      fixtures: Object.fromEntries(fixtures) as Record<string, Fixture>,
    })
  }
  return { packs: [...packs.values()], problems }
}

/**
 * Reads packs from folders; packs that are data already pass through. What cannot be used is named
 * and left out, never thrown: one bad file must not hide the good ones.
 *
 * A pack's folder holds `aliases/*.yaml`, optionally `actions/*.yaml`, whose `parameters` and
 * `runner_type` are used, and optionally `fixtures/<action or alias name>.yaml`: what an action
 * that the sandbox cannot run would answer (`status`, `result`, `delay` and `elapsed` in seconds,
 * `runner`). Texts in a fixture's result may use `{{ parameters.<name> }}`.
 */
export const loadPackSources = async (sources: readonly PackSource[]): Promise<LoadedPacks> => {
  const loaded = await Promise.all(
    sources.map((source) =>
      typeof source === 'string' ? readFolder(source) : { packs: [source], problems: [] }
    ),
  )
  return {
    packs: loaded.flatMap((one) => one.packs),
    problems: loaded.flatMap((one) => one.problems),
  }
}
