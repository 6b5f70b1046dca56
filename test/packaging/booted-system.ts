import { mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

const script = join(import.meta.dir, 'boot.sh')
const systemd = '/lib/systemd/systemd'

/** A command of the booted system that has ended. */
export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** A host of its own with systemd as its first process: this host's programs, and nothing else of it. */
export type BootedSystem = AsyncDisposable & {
  /** Runs a shell command as its root. */
  readonly sh: (command: string) => Promise<Ended>
  /** The same; gives what the command printed, and rejects when it fails. */
  readonly ok: (command: string) => Promise<string>
  /** Puts a file of this host, or a text, where the system has it as `path`. */
  readonly put: (path: string, content: string | Blob) => Promise<void>
}

const spawnIn = (folder: string, command: readonly string[]) =>
  // It ends with this process, whatever that one's end.
  Bun.spawn(['setpriv', '--pdeathsig', 'KILL', 'bash', script, folder, ...command], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  })

/** Takes away what `boot.sh` made on this host. The processes of a control group end a moment after their first one. */
const cleanUp = async (folder: string): Promise<void> => {
  for (const groups of ['/sys/fs/cgroup/unified', '/sys/fs/cgroup']) {
    await removeGroup(join(groups, basename(folder)))
  }
  rmSync(folder, { recursive: true })
}

const removeGroup = async (group: string): Promise<void> => {
  let below: readonly string[]
  try {
    below = readdirSync(group, { withFileTypes: true })
      .filter((entry) => entry.isDirectory()).map(({ name }) => name)
  } catch {
    return
  }
  for (const name of below) await removeGroup(join(group, name))
  for (let tries = 0; tries < 100; tries++) {
    try {
      return rmdirSync(group)
    } catch {
      await Bun.sleep(50)
    }
  }
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'st2chatops-booted-'))

/** Why systemd cannot be booted here, in words; undefined when it can. */
export const whyNoBoot = async (): Promise<string | undefined> => {
  if (process.getuid?.() !== 0) return 'only root can'
  for (const tool of ['bash', 'unshare', 'nsenter', 'setpriv', 'ip', 'systemctl']) {
    if (Bun.which(tool) === null) return `there is no ${tool}`
  }
  if (!await Bun.file(systemd).exists()) return `there is no ${systemd}`
  const folder = newFolder()
  const child = spawnIn(folder, ['true'])
  const said = await new Response(child.stderr).text()
  const code = await child.exited
  await cleanUp(folder)
  return code === 0 ? undefined : said.trim() || `boot.sh ends with ${code}`
}

/** The process that is the first one in the system which `unshare`, process `parent`, has made. */
const firstProcess = async (parent: number): Promise<number> => {
  for (;;) {
    const children = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8')
    const child = Number(children.trim().split(' ')[0])
    // Until then it is the shell that puts the root together.
    const command = child > 0 ? await readFile(`/proc/${child}/comm`, 'utf8').catch(() => '') : ''
    if (command.trim() === 'systemd') return child
    await Bun.sleep(20)
  }
}

/** Boots systemd, and settles when it has reached its usual target. */
export const bootSystem = async (): Promise<BootedSystem> => {
  const folder = newFolder()
  const child = spawnIn(folder, [systemd, '--system', '--unit=multi-user.target'])
  const first = await firstProcess(child.pid)

  const sh = async (command: string): Promise<Ended> => {
    const entered = Bun.spawn(
      [
        ...['nsenter', '--target', `${first}`, '--mount', '--pid', '--uts', '--ipc', '--net'],
        ...['--cgroup', '--root', '--wd', '--', 'env', '-i', 'HOME=/root', 'LANG=C.UTF-8'],
        ...['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'bash', '-c', command],
      ],
      { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
    )
    const [stdout, stderr] = await Promise.all([
      new Response(entered.stdout).text(),
      new Response(entered.stderr).text(),
    ])
    return { code: await entered.exited, stdout: stdout.trim(), stderr: stderr.trim() }
  }
  const ok = async (command: string): Promise<string> => {
    const { code, stdout, stderr } = await sh(command)
    if (code !== 0) throw new Error(`${command} ends with ${code}: ${stdout} ${stderr}`)
    return stdout
  }

  while ((await sh('systemctl is-active multi-user.target')).code !== 0) await Bun.sleep(50)
  return {
    sh,
    ok,
    put: async (path, content) => void await Bun.write(`/proc/${first}/root${path}`, content),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await child.exited
      await cleanUp(folder)
    },
  }
}
