import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Certificate } from '../fakes/certificate.ts'
import { freePort, takesConnections } from './child.ts'

/** Whether prosody, a real XMPP server, is on this host, and may be started by whoever we are. */
export const haveProsody = Bun.which('prosody') !== null &&
  (process.getuid?.() !== 0 || Bun.which('setpriv') !== null)

export type ProsodyOptions = {
  /** Accounts at `domain`: password by name. */
  readonly users: Readonly<Record<string, string>>
  readonly certificate?: Certificate
  /** Modules of the usual ones to leave out. */
  readonly without?: readonly string[]
  /** Rooms, and what was said in them, outlive a restart. */
  readonly archive?: boolean
  /** Further names that it answers to. */
  readonly hosts?: readonly string[]
  /** Further lines for the rooms' service. */
  readonly rooms?: string
}

/** A prosody of one's own. */
export type Prosody = AsyncDisposable & {
  readonly domain: string
  readonly conference: string
  /** STARTTLS and plain; TLS from the first byte; `ws://.../xmpp-websocket`. They stay the same over restarts. */
  readonly port: number
  readonly tlsPort: number
  readonly websocket: string
  readonly secureWebsocket: string
  /** Ends it as a crash or as an orderly shutdown does; settles when it is gone. */
  readonly stop: (how: 'SIGKILL' | 'SIGTERM') => Promise<void>
  /** Settles when it takes connections. */
  readonly start: () => Promise<void>
  /** All that it has logged. */
  readonly log: () => string
}

const domain = 'localhost'
const conference = 'conference.localhost'

/** ms for a start; only to notice one that will never come. */
const startDeadline = 30_000

/** prosody refuses to run as root. */
const asWhom = (): { readonly prefix: readonly string[]; readonly id: number | undefined } => {
  if (process.getuid?.() !== 0) return { prefix: [], id: undefined }
  const id = Number(Bun.spawnSync(['id', '-u', 'prosody']).stdout.toString())
  return {
    prefix: ['setpriv', `--reuid=${id}`, '--regid=prosody', '--clear-groups', '--'],
    id,
  }
}

const lua = (names: readonly string[]): string =>
  `{ ${names.map((name) => `"${name}"`).join('; ')} }`

/** Starts prosody in the foreground, with its configuration and its data in a folder of its own. */
export const startProsody = async (options: ProsodyOptions): Promise<Prosody> => {
  const folder = mkdtempSync(join(tmpdir(), 'st2chatops-prosody-'))
  const path = (...names: readonly string[]) => join(folder, ...names)
  const { prefix, id } = asWhom()
  const own = (file: string): string => {
    if (id !== undefined) chownSync(file, id, id)
    return file
  }
  const file = (text: string, ...names: readonly string[]): string => {
    writeFileSync(path(...names), text, { mode: 0o644 })
    return own(path(...names))
  }
  own(folder)
  for (const one of ['data', join('data', domain), join('data', domain, 'accounts')]) {
    mkdirSync(path(one))
    own(path(one))
  }
  for (const [name, password] of Object.entries(options.users)) {
    file(
      `return { ["password"] = ${JSON.stringify(password)} };`,
      'data',
      domain,
      'accounts',
      `${name}.dat`,
    )
  }
  const [port, tlsPort, httpPort, httpsPort] = await Promise.all(
    [freePort(), freePort(), freePort(), freePort()],
  )
  const { certificate, archive = false } = options
  const ssl = certificate === undefined ? '' : `ssl = {
    key = "${file(certificate.key, 'key.pem')}";
    certificate = "${file(certificate.cert, 'cert.pem')}";
  }`
  const modules = [
    ...['roster', 'saslauth', 'disco', 'ping', 'websocket', 'smacks', 'posix', 'offline'],
    ...(certificate === undefined ? [] : ['tls']),
  ].filter((one) => !options.without?.includes(one))
  const config = file(
    `
daemonize = false
pidfile = "${path('prosody.pid')}"
data_path = "${path('data')}"
log = { { levels = { min = "info" }; to = "console" } }
modules_enabled = ${lua(modules)}
modules_disabled = ${lua(['s2s'])}
authentication = "internal_plain"
allow_unencrypted_plain_auth = true
c2s_require_encryption = false
consider_websocket_secure = true
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
c2s_direct_tls_ports = ${certificate === undefined ? '{}' : `{ ${tlsPort} }`}
http_ports = { ${httpPort} }
http_interfaces = { "127.0.0.1" }
https_ports = ${certificate === undefined ? '{}' : `{ ${httpsPort} }`}
https_interfaces = { "127.0.0.1" }
${ssl}
${(options.hosts ?? []).map((host) => `VirtualHost "${host}"`).join('\n')}
VirtualHost "${domain}"
Component "${conference}" "muc"
modules_enabled = ${lua(archive ? ['muc_mam'] : [])}
muc_room_default_persistent = ${archive}
${options.rooms ?? ''}
`,
    'prosody.cfg.lua',
  )

  let log = ''
  let child: Bun.Subprocess | undefined
  const start = async (): Promise<void> => {
    const running = Bun.spawn([...prefix, 'prosody', '-F', '--config', config], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: folder },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    })
    child = running
    const read = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
      for await (const chunk of stream) log += new TextDecoder().decode(chunk)
    }
    void read(running.stdout)
    void read(running.stderr)
    const until = performance.now() + startDeadline
    while (!await takesConnections(port)) {
      if (running.exitCode !== null || performance.now() > until) {
        throw new Error(`prosody did not start:\n${log}`)
      }
      await Bun.sleep(20)
    }
  }
  const stop = async (how: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    child?.kill(how)
    await child?.exited
  }
  await start()
  return {
    domain,
    conference,
    port,
    tlsPort,
    websocket: `ws://127.0.0.1:${httpPort}/xmpp-websocket`,
    secureWebsocket: `wss://127.0.0.1:${httpsPort}/xmpp-websocket`,
    start,
    stop,
    log: () => log,
    [Symbol.asyncDispose]: async () => {
      await stop('SIGKILL')
      rmSync(folder, { recursive: true })
    },
  }
}
