import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import * as v from 'valibot'
import { isMap, LineCounter, parseDocument, type YAMLParseError } from 'yaml'

/** A file of a packs folder that is no alias document. */
export type PackProblem = {
  readonly file: string
  /** Counted from 1; undefined if the whole file is meant. */
  readonly line: number | undefined
  readonly reason: string
}

/** An alias document with where it stands. */
export type PackFile = { readonly file: string; readonly document: unknown }

export type Packs = {
  /** Documents shaped as `GET /v1/actionalias` gives them, sorted by pack and name. */
  readonly aliases: readonly unknown[]
  /** The same documents with their files. */
  readonly files: readonly PackFile[]
  readonly problems: readonly PackProblem[]
}

/**
 * Reads the aliases of a packs folder (`<folder>/<pack>/aliases/*.yaml`, `.yml` or `.json`), or of one pack
 * (`<folder>/aliases/*`). A pack's ref comes from its `pack.yaml` (`ref`, else `name`), else it is the folder's name.
 * Throws an Error if the folder cannot be read; a bad file ends in `problems`.
 */
export async function readPacks(folder: string): Promise<Packs> {
  const names = await readFolder(folder)
  const problems: PackProblem[] = []
  const files: PackFile[] = []
  const isPack = names.includes('aliases') || names.includes('pack.yaml')
  const packs = isPack ? [folder] : names.map((name) => join(folder, name))
  for (const pack of packs) files.push(...await readPack(pack, problems))
  const sorted = files.toSorted((left, right) => compare(keyOf(left), keyOf(right)))
  return { aliases: sorted.map(({ document }) => document), files: sorted, problems }
}

async function readFolder(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).toSorted(compare)
  } catch (cause) {
    throw new Error(`Cannot read the packs folder ${folder}. Name a folder that holds packs.`, {
      cause,
    })
  }
}

const compare = (left: string, right: string): number => left < right ? -1 : left > right ? 1 : 0

function keyOf({ document }: PackFile): string {
  const read = v.safeParse(v.looseObject({ pack: v.string(), name: v.string() }), document)
  return read.success ? `${read.output.pack}\0${read.output.name}` : ''
}

async function readPack(folder: string, problems: PackProblem[]): Promise<readonly PackFile[]> {
  const aliases = join(folder, 'aliases')
  const names = await readdir(aliases).catch((): string[] => [])
  if (names.length === 0) return []
  const pack = await packRef(folder, problems)
  const files: PackFile[] = []
  for (const name of names.toSorted(compare)) {
    if (!['.yaml', '.yml', '.json'].includes(extname(name))) continue
    const file = join(aliases, name)
    const value = await readYaml(file, problems)
    if (value === undefined) continue
    files.push({ file, document: asDocument(value, pack, `aliases/${name}`) })
  }
  return files
}

async function packRef(folder: string, problems: PackProblem[]): Promise<string> {
  const own = basename(folder)
  const names = await readdir(folder).catch((): string[] => [])
  if (!names.includes('pack.yaml')) return own
  const value = await readYaml(join(folder, 'pack.yaml'), problems)
  const text = v.nullish(v.string())
  const read = v.safeParse(v.looseObject({ ref: text, name: text }), value)
  return read.success ? read.output.ref ?? read.output.name ?? own : own
}

/** In one line, without the place, which stands in front, and without the library's advice to programmers. */
function yamlReason({ code, message }: YAMLParseError): string {
  if (code === 'MULTIPLE_DOCS') {
    return 'It holds more than one YAML document: write each alias into a file of its own.'
  }
  const [first = message] = message.split('\n')
  return first.replace(/ at line \d+, column \d+:?$/, '')
}

/** The mapping in a YAML or JSON file; anything else is a problem. */
async function readYaml(
  file: string,
  problems: PackProblem[],
): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    // To read a named pipe would wait for ever.
    if (!(await stat(file)).isFile()) {
      problems.push({ file, line: undefined, reason: 'It is not a file that can be read.' })
      return undefined
    }
    const lineCounter = new LineCounter()
    const document = parseDocument(await readFile(file, 'utf8'), { lineCounter })
    const [error] = document.errors
    if (error !== undefined) {
      const { line } = lineCounter.linePos(error.pos[0])
      problems.push({ file, line, reason: yamlReason(error) })
      return undefined
    }
    if (isMap(document.contents)) return document.toJS()
    problems.push({ file, line: 1, reason: 'It must hold a mapping such as "name: my_alias".' })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    problems.push({ file, line: undefined, reason })
  }
  return undefined
}

/** A file's mapping with the defaults that registration adds. */
function asDocument(
  value: Readonly<Record<string, unknown>>,
  ownPack: string,
  metadataFile: string,
): Readonly<Record<string, unknown>> {
  const pack = typeof value.pack === 'string' && value.pack !== '' ? value.pack : ownPack
  const ref = `${pack}.${String(value.name)}`
  return {
    ack: {},
    result: {},
    extra: {},
    immutable_parameters: {},
    enabled: true,
    ...value,
    pack,
    ref,
    uid: `action_alias:${pack}:${String(value.name)}`,
    id: Bun.hash(ref).toString(16).padStart(24, '0').slice(-24),
    metadata_file: metadataFile,
  }
}
