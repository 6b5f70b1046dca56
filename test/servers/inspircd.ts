import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Certificate } from '../fakes/certificate.ts'
import { freePort, takesConnections } from './child.ts'

/** Whether InspIRCd (Debian: inspircd) is on this machine: `test.skipIf(!haveInspircd)`. */
export const haveInspircd: boolean = Bun.which('inspircd') !== null

/** A real IRC server that knows IRCv3 and SASL, for services to link to. */
export type Inspircd = AsyncDisposable & {
  readonly port: number
  readonly tlsPort: number
  /** For services. */
  readonly serverPort: number
}

const modules = [
  'cap',
  'ircv3',
  'ircv3_accounttag',
  'ircv3_ctctags',
  'ircv3_echomessage',
  'ircv3_msgid',
  'ircv3_servertime',
  'sasl',
  'services_account',
  'spanningtree',
  'ssl_gnutls',
  'sslinfo',
]

/** Starts InspIRCd with its configuration in a folder of its own; it speaks TLS with this certificate, too. */
export const startInspircd = async (
  { certificate, services }: { readonly certificate: Certificate; readonly services: string },
): Promise<Inspircd> => {
  const folder = mkdtempSync(join(tmpdir(), 'st2chatops-inspircd-'))
  const [port, tlsPort, serverPort] = [await freePort(), await freePort(), await freePort()]
  writeFileSync(join(folder, 'cert.pem'), certificate.cert)
  writeFileSync(join(folder, 'key.pem'), certificate.key)
  writeFileSync(
    join(folder, 'inspircd.conf'),
    `
<server name="irc.test.net" description="test" network="test">
<admin name="nobody" nick="nobody" email="nobody@test.net">
<bind address="127.0.0.1" port="${port}" type="clients">
<bind address="127.0.0.1" port="${tlsPort}" type="clients" sslprofile="own">
<bind address="127.0.0.1" port="${serverPort}" type="servers">
<sslprofile name="own" provider="gnutls" certfile="${folder}/cert.pem" keyfile="${folder}/key.pem"
  requestclientcert="yes" hash="sha256">
<connect allow="*" timeout="30" resolvehostnames="no" useident="no" localmax="100" globalmax="100"
  threshold="100" commandrate="100000" fakelag="no">
<options casemapping="rfc1459">
<performance nouserdns="yes">
<link name="services.test.net" ipaddr="127.0.0.1" allowmask="127.0.0.0/8" port="${serverPort}"
  sendpass="${services}" recvpass="${services}">
<uline server="services.test.net" silent="yes">
<sasl target="services.test.net">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="${folder}/log">
<pid file="${folder}/pid">
${modules.map((name) => `<module name="${name}">`).join('\n')}
`,
  )
  const child = Bun.spawn(
    [
      'inspircd',
      ...['--nofork', '--nopid', '--runasroot', '--config', join(folder, 'inspircd.conf')],
    ],
    { stdout: 'ignore', stderr: 'pipe', cwd: folder },
  )
  while (!await takesConnections(tlsPort)) {
    if (child.exitCode !== null) {
      throw new Error(`inspircd did not start: ${await new Response(child.stderr).text()}`)
    }
    await Bun.sleep(20)
  }
  return {
    port,
    tlsPort,
    serverPort,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await child.exited
      rmSync(folder, { recursive: true })
    },
  }
}
