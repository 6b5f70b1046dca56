import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { joinIrc } from '../fakes/irc/person.ts'

/** Whether services (Debian: atheme-services) are on this machine: `test.skipIf(!haveAtheme)`. */
export const haveAtheme: boolean = Bun.which('atheme-services') !== null

/** Atheme refuses to run as root; nobody can be anybody else. */
const asNobody = process.getuid?.() === 0
  ? ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']
  : []

export type AthemeOptions = {
  readonly ircd: 'ngircd' | 'inspircd'
  /** The server's port for other servers, and the password between them. */
  readonly port: number
  readonly password: string
}

/** Services of a network: NickServ and its accounts. */
export type Atheme = AsyncDisposable & {
  /** Settles when they have ended. */
  readonly kill: () => Promise<void>
  readonly start: () => Promise<void>
  /**
   * Makes an account of this nick; `more` is said to NickServ behind that, while it is logged in. `port` is where people connect.
   */
  readonly register: (
    nick: string,
    password: string,
    port: number,
    more?: readonly string[],
  ) => Promise<void>
}

const configuration = ({ ircd, port, password }: AthemeOptions): string => `
loadmodule "modules/protocol/${ircd}";
loadmodule "modules/backend/opensex";
loadmodule "modules/crypto/posix";
${
  ['main', 'cert', 'ghost', 'identify', 'register'].map((name) =>
    `loadmodule "modules/nickserv/${name}";`
  ).join('\n')
}
${['main', 'plain', 'external'].map((name) => `loadmodule "modules/saslserv/${name}";`).join('\n')}
serverinfo {
  name = "services.test.net";
  desc = "services";
  numeric = "00A";
  recontime = 1;
  netname = "test";
  adminname = "nobody";
  adminemail = "nobody@test.net";
  registeremail = "nobody@test.net";
  mta = "/bin/true";
  loglevel = { error; };
  maxlogins = 5;
  maxusers = 5;
  mdlimit = 30;
  emaillimit = 10;
  emailtime = 300;
  auth = none;
  casemapping = ascii;
};
uplink "irc.test.net" {
  host = "127.0.0.1";
  port = ${port};
  send_password = "${password}";
  receive_password = "${password}";
};
nickserv {
  nick = "NickServ";
  user = "NickServ";
  host = "services.test.net";
  real = "Nickname Services";
};
saslserv {
  nick = "SaslServ";
  user = "SaslServ";
  host = "services.test.net";
  real = "SASL";
};
`

/** Starts Atheme, and settles when NickServ is on the network that people reach at `people`. */
export const startAtheme = async (options: AthemeOptions, people: number): Promise<Atheme> => {
  const folder = mkdtempSync(join(tmpdir(), 'st2chatops-atheme-'))
  const data = join(folder, 'data')
  mkdirSync(data)
  writeFileSync(join(folder, 'atheme.conf'), configuration(options), { mode: 0o644 })
  Bun.spawnSync(['chmod', '-R', 'a+rwX', folder])
  let child: Bun.Subprocess | undefined

  const start = async (): Promise<void> => {
    const log = Bun.file(join(folder, 'said'))
    const started = Bun.spawn(
      [
        ...asNobody,
        'atheme-services',
        ...['-n', '-c', join(folder, 'atheme.conf'), '-D', data],
        ...['-l', join(folder, 'log'), '-p', join(folder, 'pid')],
      ],
      { stdout: log, stderr: 'ignore', cwd: folder },
    )
    child = started
    await using witness = await joinIrc({ port: people, nick: 'witness' })
    for (let asked = 0;; asked++) {
      if (started.exitCode !== null) {
        throw new Error(`atheme-services did not start: ${await log.text()}`)
      }
      const from = witness.lines.length
      witness.write(`WHOIS NickServ`)
      const answer = await witness.line(/ (311|401) witness NickServ /i, from)
      if (answer.includes(' 311 ')) return
      await Bun.sleep(50)
    }
  }
  const kill = async (): Promise<void> => {
    child?.kill('SIGKILL')
    await child?.exited
  }
  await start()
  return {
    start,
    kill,
    register: async (nick, password, port, more = []) => {
      await using person = await joinIrc({ port, nick })
      person.say('NickServ', `REGISTER ${password} ${nick}@test.net`)
      await person.line(/NickServ!\S+ NOTICE .*is now registered/)
      for (const line of more) {
        const from = person.lines.length
        person.say('NickServ', line)
        await person.line(/NickServ!\S+ NOTICE/, from)
      }
      person.write('QUIT :done')
      await person.line(/^ERROR/)
    },
    [Symbol.asyncDispose]: async () => {
      await kill()
      rmSync(folder, { recursive: true })
    },
  }
}
