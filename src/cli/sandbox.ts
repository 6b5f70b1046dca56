import { watch } from 'node:fs'
import { lint } from '../alias/lint.ts'
import { isLoopback } from '../net/address.ts'
import { demoPacks } from '../sandbox/demo-pack.ts'
import { type LoadedPacks, loadPackSources } from '../sandbox/pack-folder.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { counted } from './counted.ts'
import { isFolder, noFolder } from './folder.ts'
import type { ExitCode, Io } from './io.ts'
import { printableLines } from './printable.ts'

export type SandboxCommandOptions = {
  /** Folders of packs; without one the demo's packs are served. */
  readonly packs?: readonly string[] | undefined
  readonly port?: number | undefined
  readonly hostname?: string | undefined
  readonly allowLocal?: boolean | undefined
}

/** Editors write a file in several steps; this long after the last one the packs are read again. */
const quietMs = 200

/**
 * `st2chatops sandbox`: a stand-in StackStorm until a signal. It serves packs from folders and reads
 * them again when their files change, so that an alias author sees each change in chat.
 */
export const sandbox = async (
  options: SandboxCommandOptions,
  io: Io,
  signal: AbortSignal = processSignal(),
): Promise<ExitCode> => {
  const { packs: folders = [], hostname = '127.0.0.1', allowLocal = false } = options
  const say = (text: string) => void io.stderr.write(`${printableLines(text)}\n`)
  if (allowLocal && !isLoopback(hostname)) {
    say(
      `--allow-local lets whoever can reach the sandbox run commands here, so it goes with a ` +
        `loopback address only, not with ${hostname}. Leave out one of the two.`,
    )
    return 2
  }
  for (const folder of folders) {
    if (!isFolder(folder)) {
      say(noFolder(folder))
      return 2
    }
  }
  const sources = folders.length > 0 ? folders : demoPacks
  const loaded = await loadPackSources(sources)
  const { port = 0 } = options
  let server: Sandbox
  try {
    server = await startSandbox({ packs: loaded.packs, port, hostname, allowLocal })
  } catch (error) {
    say(
      `The sandbox cannot listen on ${hostname}:${port}: ` +
        `${error instanceof Error ? error.message : String(error)}. Choose another --port.`,
    )
    return 1
  }
  try {
    if (!isLoopback(hostname)) {
      say(`Warning: ${hostname} is open to the network, and the sandbox speaks plain HTTP.`)
    }
    say(greeting(server, folders.length > 0, allowLocal))
    report(loaded, say)
    const stopWatching = watchFolders(folders, async () => {
      const again = await loadPackSources(sources)
      server.setPacks(again.packs)
      say('The packs changed and were read again.')
      report(again, say)
    }, say)
    await aborted(signal)
    stopWatching()
    return 0
  } finally {
    await server.stop()
  }
}

const greeting = (server: Sandbox, ownPacks: boolean, allowLocal: boolean): string =>
  `A stand-in StackStorm listens on ${server.url}${
    ownPacks ? '' : ' with the packs of the demo (--packs DIR serves yours)'
  }.
${
    allowLocal
      ? 'core.local and core.remote to localhost run real commands.'
      : 'No real command is run (--allow-local changes that).'
  }
Any other action answers what <pack>/fixtures/<action or alias name>.yaml says:
status, result (with {{ parameters.<name> }} in its texts), delay and elapsed in seconds.
For a bot:

export ST2_API_URL=${server.apiUrl}
export ST2_AUTH_URL=${server.authUrl}
export ST2_STREAM_URL=${server.streamUrl}
export ST2_WEBUI_URL=${server.url}
export ST2_API_KEY=${server.apiKey}
`

/** Says what was read, and names everything in it that cannot work. */
const report = ({ packs, problems }: LoadedPacks, say: (text: string) => void): void => {
  const aliases = packs.reduce((sum, pack) => sum + pack.aliases.length, 0)
  const names = packs.map((pack) => pack.name).join(', ')
  const where = names === '' ? '' : `: ${names}`
  say(
    `${counted(aliases, 'alias', 'aliases')} in ${counted(packs.length, 'pack')}${where}`,
  )
  for (const { where, reason } of problems) say(`  ${where}: ${reason}`)
  const documents = packs.flatMap((pack) =>
    pack.aliases.map((alias) => ({ pack: pack.name, ...alias }))
  )
  for (const { level, ref, format, message, advice } of lint(documents)) {
    if (level === 'error') say(`  ${ref}${format ? ` "${format}"` : ''}: ${message} ${advice}`)
  }
}

const watchFolders = (
  folders: readonly string[],
  reload: () => Promise<void>,
  say: (text: string) => void,
): () => void => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const changed = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      reload().catch((error) =>
        say(`The packs could not be read: ${error instanceof Error ? error.message : error}`)
      )
    }, quietMs)
  }
  const watchers = folders.map((folder) =>
    watch(folder, { recursive: true }, changed)
      .on('error', (error) => say(`${folder} is no longer watched: ${error.message}`))
  )
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Aborts with the process' first INT or TERM. */
const processSignal = (): AbortSignal => {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort())
  return controller.signal
}
