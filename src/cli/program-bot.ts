import { Argument, type Command, Option } from 'commander'
import type { Io } from './io.ts'
import type { Finish } from './program.ts'
import {
  envFileOption,
  logOptions,
  logOverrides,
  packsOption,
  parsePort,
} from './program-options.ts'

/** What Hubot's command line said, as commander reads it. */
type RunFlags = {
  readonly adapter?: string
  readonly name?: string
  readonly alias?: string | true
  readonly disableHttpd?: true
  readonly test?: true
  readonly logLevel?: string
  readonly logFormat?: string
}

/**
 * The flags as variables, which go before every file and the environment. `--test` is the old start script's:
 * the terminal as chat, HTTP on 31337. An empty alias always meant "/".
 */
export const runOverrides = (flags: RunFlags): Readonly<Record<string, string>> => ({
  ...logOverrides(flags),
  ...(flags.test ? { HUBOT_ADAPTER: 'shell', EXPRESS_PORT: '31337' } : {}),
  ...(flags.adapter === undefined ? {} : { HUBOT_ADAPTER: flags.adapter }),
  ...(flags.name === undefined ? {} : { HUBOT_NAME: flags.name }),
  ...(flags.alias === undefined
    ? {}
    : { HUBOT_ALIAS: flags.alias === true || flags.alias === '' ? '/' : flags.alias }),
  ...(flags.disableHttpd ? { HUBOT_HTTPD: 'false' } : {}),
})

const addOptions = (command: Command, options: readonly Option[]): Command =>
  options.reduce((extended, option) => extended.addOption(option), command)

/** Who talks in a terminal. */
const speakerOptions = (): readonly Option[] => [
  new Option('--user <name>', 'who is talking'),
  new Option('--channel <name>', 'where'),
]

const sandboxHelp = `
An action answers what <pack>/fixtures/<action or alias name>.yaml says: status, result (with
{{ parameters.<name> }} in its texts), delay and elapsed in seconds.

POST /sandbox/faults makes it fail as a real StackStorm does, for tests, from this host alone and with
its API key: {"unauthorized": 3} refuses three requests, {"backendDown": true} is nginx alone,
{"clear": true} ends it; GET /sandbox shows what is in force.

Examples:
  st2chatops sandbox --packs ./packs --port 9101
  curl -d '{"backendDown":true}' -H content-type:application/json -H "st2-api-key: $ST2_API_KEY" \\
    http://127.0.0.1:9101/sandbox/faults`

/** Adds the commands that talk: `run`, `shell`, `demo`, and the `sandbox` to talk to. */
export const addBotCommands = (program: Command, io: Io, finish: Finish): void => {
  const run = program.command('run')
    .description('run the bot (also what no command means)')
    .option('-a, --adapter <names>', 'the chat service, or several with commas (HUBOT_ADAPTER)')
    .option('-n, --name <name>', 'the name that people address the bot by (HUBOT_NAME)')
    .option('-l, --alias [prefix]', 'the short form of the name; "/" if empty (HUBOT_ALIAS)')
    .option('-d, --disable-httpd', 'no HTTP server (HUBOT_HTTPD=false)')
    .option('--test', 'the terminal as chat, HTTP on port 31337')
    .addArgument(
      new Argument('[word]', 'the name of the program, as the old start script put it last')
        .choices(['st2chatops']),
    )
    .addHelpText('after', '\nExample:\n  st2chatops run -a slack --log-format json')
    .action(async (_word, { envFile, ...flags }) =>
      finish(
        await (await import('./run.ts')).run({ envFile, overrides: runOverrides(flags) }, io),
      )
    )
  addOptions(run, [envFileOption(), ...logOptions()])

  const shell = program.command('shell')
    .description('talk to the bot in this terminal, or through a pipe')
    .option('--direct', 'talk to the bot alone: commands need no name in front')
    .addHelpText(
      'after',
      '\nExamples:\n  st2chatops shell --user alice --channel ops\n  echo "!help" | st2chatops shell',
    )
    .action(async ({ logLevel, logFormat, ...options }) =>
      finish(
        await (await import('./shell.ts')).shell({
          ...options,
          overrides: logOverrides({ logLevel, logFormat }),
        }, io),
      )
    )
  addOptions(shell, [...speakerOptions(), envFileOption(), ...logOptions()])

  const demo = program.command('demo')
    .description('try the bot here: a stand-in StackStorm and this terminal as chat')
    .addOption(packsOption('a folder of packs to try instead of the ones inside'))
    .addHelpText('after', '\nExample:\n  echo "!run date on localhost" | st2chatops demo')
    .action(async (options) => finish(await (await import('./demo.ts')).demo(options, io)))
  addOptions(demo, speakerOptions())

  program.command('sandbox')
    .description('run a stand-in StackStorm that serves packs from a folder')
    .addOption(packsOption('a folder of packs, or one pack'))
    .addOption(
      new Option('--port <port>', 'where to listen; 0 lets the host choose')
        .argParser(parsePort).default(0),
    )
    .option('--hostname <address>', 'the address to listen on', '127.0.0.1')
    .option('--allow-local', 'let core.local run commands on this host')
    .addHelpText('after', sandboxHelp)
    .action(async (options) => finish(await (await import('./sandbox.ts')).sandbox(options, io)))
}
