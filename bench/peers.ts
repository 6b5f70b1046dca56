import { existsSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { readFile } from 'node:fs/promises'

const folder = join(import.meta.dir, 'peers')
const modules = join(folder, 'node_modules')
const plugin = join(modules, 'hubot-stackstorm')

/** The release that is measured, where the npm registry has it not. */
const source = 'github:StackStorm/hubot-stackstorm#6cfc93ba690c9dd06297f52fb0cfcdd9e404ba82'

const npm = async (...args: readonly string[]): Promise<boolean> => {
  const child = Bun.spawn(['npm', ...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
  })
  return await child.exited === 0
}

/** Which versions are there, or why there are none. */
export type Peers =
  | {
    readonly there: true
    readonly versions: string
    /** Whether npm has installed the plug-in, from its registry or its repository: then it is what others run. */
    readonly released: boolean
  }
  | { readonly there: false; readonly reason: string }

const versionOf = async (name: string): Promise<string> => {
  const text = await readFile(join(modules, name, 'package.json'), 'utf8')
  return `${name} ${(JSON.parse(text) as { version: string }).version}`
}

/** Whether npm says of a package where it came from; of one that was put there by hand it knows nothing. */
const isInstalled = async (name: string): Promise<boolean> => {
  const path = join(modules, '.package-lock.json')
  if (!existsSync(path)) return false
  const { packages } = JSON.parse(await readFile(path, 'utf8')) as {
    readonly packages?: Readonly<Record<string, { readonly resolved?: string } | undefined>>
  }
  return packages?.[`node_modules/${name}`]?.resolved !== undefined
}

/**
 * Makes sure that Hubot and its StackStorm plug-in are in `peers/node_modules`. The plug-in comes from the folder that
 * HUBOT_STACKSTORM names, from npm, or from its repository, whichever can be had.
 *
 * @param install false: takes what is there and asks no network
 */
export const findPeers = async (install: boolean): Promise<Peers> => {
  if (install && !existsSync(join(modules, 'hubot')) && !await npm('ci')) {
    return { there: false, reason: 'npm could not install Hubot into bench/peers' }
  }
  const given = process.env.HUBOT_STACKSTORM
  if (!existsSync(plugin)) {
    if (given !== undefined) await cp(given, plugin, { recursive: true })
    else if (install) {
      await npm('install', '--no-save', 'hubot-stackstorm@0.13') ||
        await npm('install', '--no-save', source)
    }
  }
  if (!existsSync(plugin) || !existsSync(join(modules, 'hubot'))) {
    return {
      there: false,
      reason: 'hubot-stackstorm 0.13 is not in bench/peers/node_modules; ' +
        'HUBOT_STACKSTORM=<a folder with its sources> puts it there',
    }
  }
  const node = await new Response(Bun.spawn(['node', '--version']).stdout).text()
  const released = await isInstalled('hubot-stackstorm')
  const versions = [
    await versionOf('hubot'),
    released
      ? await versionOf('hubot-stackstorm')
      : 'hubot-stackstorm put together from its sources (not the released package, see the end)',
    `Node ${node.trim()}`,
  ]
  return { there: true, released, versions: versions.join(', ') }
}

/** How many packages an installation of the old bot is, and how large. */
export const peersOnDisk = async (): Promise<string> => {
  const glob = new Bun.Glob('**/package.json')
  let bytes = 0
  const packages = new Set<string>()
  for await (const path of glob.scan({ cwd: modules })) {
    const parts = path.split('node_modules/').at(-1)?.split('/') ?? []
    const isRoot = parts.length === (parts[0]?.startsWith('@') ? 3 : 2)
    if (isRoot) packages.add(path)
  }
  for await (const path of new Bun.Glob('**/*').scan({ cwd: modules, dot: true })) {
    bytes += Bun.file(join(modules, path)).size
  }
  return `a folder of ${packages.size} packages, ${(bytes / 1e6).toFixed(0)} MB, and Node`
}
