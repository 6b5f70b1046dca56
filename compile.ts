/**
 * Compiles the one executable: `bun compile.ts [--target linux-x64|linux-arm64|linux-x64-musl|linux-arm64-musl|all]`.
 * Without a target it is `dist/st2chatops` for this host. The same commit gives the same bytes.
 */
import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'

const targets = ['linux-x64', 'linux-arm64', 'linux-x64-musl', 'linux-arm64-musl'] as const
type Target = (typeof targets)[number]

const root = import.meta.dir

/**
 * Which functions a start and a day's work read, so that their bytecode lies together: 2 MB less memory, 3 ms less until the commands are
 * loaded. Hashes of their syntax: functions that were changed since are placed behind. `bun bench/record-order.ts` writes it anew.
 */
export const bytecodeOrder = join(root, 'packaging/bytecode.order')

/** Code that runs in a Worker is an entry of its own: nothing imports it. */
const workers = ['src/alias/backtrack-worker.ts']

const git = async (...args: readonly string[]): Promise<string | undefined> => {
  const child = Bun.spawn(['git', ...args], { cwd: root, stdout: 'pipe', stderr: 'ignore' })
  const text = await new Response(child.stdout).text()
  return (await child.exited) === 0 ? text.trim() : undefined
}

/** The commit that is built; marked when a tracked file differs from it, `unknown` outside a repository. */
const currentCommit = async (): Promise<string> => {
  const commit = await git('rev-parse', 'HEAD').catch(() => undefined)
  if (commit === undefined) return 'unknown'
  const changes = await git('status', '--porcelain', '--untracked-files=no')
  return changes === '' ? commit : `${commit}-dirty`
}

const libc = async (): Promise<'' | '-musl'> => {
  const glob = new Bun.Glob('ld-musl-*.so.1')
  for await (const _loader of glob.scan('/lib')) return '-musl'
  return ''
}

const hostTarget = async (): Promise<Target> => {
  const name = `linux-${process.arch}${await libc()}`
  const target = targets.find((known) => known === name)
  if (target === undefined || process.platform !== 'linux') {
    throw new Error(`There is no target for this host. Name one: --target ${targets.join('|')}|all`)
  }
  return target
}

const sha256 = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of Bun.file(path).stream()) hash.update(chunk)
  return hash.digest('hex')
}

/** The maps are inside the executable; the copies beside it are of no use. */
const removeMaps = async (folder: string) => {
  const names = await readdir(folder)
  await Promise.all(
    names.filter((name) => name.endsWith('.map')).map((name) => rm(join(folder, name))),
  )
}

export type Build = {
  /** The module to start with, from the root of the project. */
  readonly entry?: string
  /** The file to write. Its name goes into the bytes: do not rename it and expect the same sum from the next build. */
  readonly outfile: string
  readonly target?: Target
  readonly commit?: string
  /** Lets what starts the bot put `ST2CHATOPS_FAIL_POINT` in, which the tests use that kill it between two steps. */
  readonly failPoints?: boolean
}

/** Compiles the bot, or another program around it, for this host where nothing else is said. Throws AggregateError. */
export const compile = async (
  { entry = 'src/main.ts', outfile, target, commit = 'unknown', failPoints = false }: Build,
): Promise<void> => {
  const name = target ?? await hostTarget()
  await rm(outfile, { force: true })
  const result = await Bun.build({
    entrypoints: [entry, ...workers].map((path) => join(root, path)),
    root,
    target: 'bun',
    format: 'esm',
    // Adapters that are not configured are neither parsed nor loaded; bytecode saves the parsing of the rest.
    splitting: true,
    bytecode: true,
    sourcemap: 'linked',
    // Names stay: they make stack traces readable, and commands and errors use them.
    minify: { whitespace: true, syntax: true, identifiers: false },
    define: {
      ST2CHATOPS_COMMIT: JSON.stringify(commit),
      ST2CHATOPS_TARGET: JSON.stringify(name),
      ...(failPoints ? {} : { ST2CHATOPS_FAIL_POINT: 'undefined' }),
    },
    compile: {
      target: `bun-${name}`,
      outfile,
      bytecodeOrder,
      // What runs at the start and for a few commands is not worth compiling: 4 MB with 50 formats, 8 with 1,000. A bot that is busy sets it back.
      jitPolicy: 1000,
      // Files in the working directory must not decide what runs.
      autoloadDotenv: false,
      autoloadBunfig: false,
      autoloadTsconfig: false,
      autoloadPackageJson: false,
      // A company's own certificate authority lies in the system's store.
      execArgv: ['--use-system-ca'],
    },
  })
  if (!result.success) throw new AggregateError(result.logs, `Cannot compile ${basename(outfile)}.`)
  await removeMaps(dirname(outfile))
}

const usage = `Usage: bun compile.ts [--target ${targets.join('|')}|all] [--outdir FOLDER]
Without a target it compiles dist/st2chatops for this host.
`

const readArguments = () => {
  try {
    return parseArgs({
      options: {
        target: { type: 'string' },
        // For comparing two builds; the file keeps its name.
        outdir: { type: 'string', default: join(root, 'dist') },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}`)
    process.exit(2)
  }
}

const main = async (): Promise<void> => {
  const values = readArguments()
  if (values.help) {
    process.stdout.write(usage)
    return
  }
  const wanted = values.target === 'all' ? targets : [values.target ?? await hostTarget()]
  const commit = await currentCommit()
  for (const name of wanted) {
    const target = targets.find((known) => known === name)
    if (target === undefined) {
      process.stderr.write(`There is no target ${name}. There are: ${targets.join(', ')}, all.\n`)
      process.exit(2)
    }
    const file = values.target === undefined ? 'st2chatops' : `st2chatops-${target}`
    const outfile = join(values.outdir, file)
    await compile({ outfile, target, commit })
    const megabytes = (Bun.file(outfile).size / 1e6).toFixed(1)
    process.stdout.write(`${file}  ${megabytes} MB  sha256:${await sha256(outfile)}\n`)
  }
}

if (import.meta.main) await main()
