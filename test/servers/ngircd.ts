import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Certificate } from '../fakes/certificate.ts'
import { freePort, takesConnections } from './child.ts'

const program = Bun.which('ngircd') ?? '/usr/sbin/ngircd'

/** Whether ngircd (Debian: ngircd) is on this machine: `test.skipIf(!haveNgircd)`. */
export const haveNgircd: boolean = Bun.which('ngircd') !== null || await Bun.file(program).exists()

export type NgircdOptions = {
  /** What every client must give by PASS. */
  readonly password?: string
  readonly certificate?: Certificate
  /** Takes services in, with this password. */
  readonly services?: string
  /** Channels that are there from the beginning, as `[Channel]` sections. */
  readonly channels?: string
  readonly maxNickLength?: number
}

/** A real IRC server, which can be killed and started again at the same port. */
export type Ngircd = AsyncDisposable & {
  readonly port: number
  /** Where it speaks TLS, with a certificate; else 0. */
  readonly tlsPort: number
  /** Settles when it has ended. */
  readonly kill: (signal: NodeJS.Signals) => Promise<void>
  /** Settles when it takes connections again. */
  readonly start: () => Promise<void>
}

const configuration = (
  { password, services, channels = '', maxNickLength = 30 }: NgircdOptions,
  port: number,
  tls: { readonly port: number; readonly folder: string } | undefined,
): string => `
[Global]
  Name = irc.test.net
  Info = test
  Listen = 127.0.0.1
  Ports = ${port}
  MotdPhrase = hi
  ${password === undefined ? '' : `Password = ${password}`}
[Limits]
  MaxConnectionsIP = 0
  MaxJoins = 0
  MaxNickLength = ${maxNickLength}
  MaxPenaltyTime = 0
  PingTimeout = 120
[Options]
  DNS = no
  Ident = no
  PAM = no
  ${
  tls === undefined ? '' : `
[SSL]
  CertFile = ${tls.folder}/cert.pem
  KeyFile = ${tls.folder}/key.pem
  Ports = ${tls.port}`
}
${
  services === undefined ? '' : `
[Server]
  Name = services.test.net
  MyPassword = ${services}
  PeerPassword = ${services}
  ServiceMask = *Serv`
}
${channels}
`

/** Starts ngircd with its configuration in a folder of its own. */
export const startNgircd = async (options: NgircdOptions = {}): Promise<Ngircd> => {
  const { certificate } = options
  // It gives up the rights of root, and has to read its files all the same.
  const folder = mkdtempSync(join(tmpdir(), 'st2chatops-ngircd-'))
  Bun.spawnSync(['chmod', '755', folder])
  const port = await freePort()
  const tlsPort = certificate === undefined ? 0 : await freePort()
  const tls = certificate === undefined ? undefined : { port: tlsPort, folder }
  if (certificate !== undefined) {
    writeFileSync(join(folder, 'cert.pem'), certificate.cert, { mode: 0o644 })
    writeFileSync(join(folder, 'key.pem'), certificate.key, { mode: 0o644 })
  }
  const file = join(folder, 'ngircd.conf')
  writeFileSync(file, configuration(options, port, tls))
  let child: Bun.Subprocess | undefined

  const start = async (): Promise<void> => {
    // Not into a pipe, which is full some day.
    const log = Bun.file(join(folder, 'log'))
    const started = Bun.spawn([program, '-n', '-f', file], { stdout: log, stderr: 'ignore' })
    child = started
    for (const one of certificate === undefined ? [port] : [port, tlsPort]) {
      while (!await takesConnections(one)) {
        if (started.exitCode !== null) throw new Error(`ngircd did not start: ${await log.text()}`)
        await Bun.sleep(20)
      }
    }
  }
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    child?.kill(signal)
    await child?.exited
  }
  await start()
  return {
    port,
    tlsPort,
    kill,
    start,
    [Symbol.asyncDispose]: async () => {
      await kill('SIGKILL')
      rmSync(folder, { recursive: true })
    },
  }
}
