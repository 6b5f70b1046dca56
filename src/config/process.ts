import { ConfigurationError } from './error.ts'

/** The process's environment as it was at start. */
export type ProcessEnvironment = Readonly<Record<string, string | undefined>>

/**
 * Bun applies these to every connection of the process by itself. Here each connection is told:
 * verification is switched off towards StackStorm alone, and each call gets its own proxy.
 */
const appliedToEverything: readonly string[] = [
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'http_proxy',
  'HTTP_PROXY',
  'https_proxy',
  'HTTPS_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'no_proxy',
  'NO_PROXY',
]

/**
 * Gives a copy of the environment for `loadSettings` and takes out of the process what Bun would apply
 * to every connection. Measured with Bun 1.4.5: taking NODE_TLS_REJECT_UNAUTHORIZED out at run time
 * restores verification in fetch, WebSocket and node:https, also after connections without it.
 */
export const takeOverEnvironment = (
  live: Record<string, string | undefined> = process.env,
): ProcessEnvironment => {
  const environment = { ...live }
  for (const name of appliedToEverything) delete live[name]
  return environment
}

/** Set for the process that was started anew, so that it never starts itself a second time. */
export const restartMark = 'ST2CHATOPS_RESTARTED'

/** What a process is replaced by: file, arguments (the first is the process's name), environment. */
export type Replacement = {
  readonly file: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** The parts of `process` that tell how to start it again. */
export type Running = {
  readonly execPath: string
  readonly execArgv: readonly string[]
  readonly argv: readonly string[]
}

/** In a compiled executable argv[1] is a path inside it, which is no argument of the next start. */
const argumentsOf = ({ execPath, execArgv, argv }: Running): readonly string[] =>
  argv[1]?.startsWith('/$bunfs/')
    ? [execPath, ...argv.slice(2)]
    : [execPath, ...execArgv, ...argv.slice(1)]

/**
 * What to replace the process by so that the certificates count, or undefined when they do already.
 * Bun reads NODE_EXTRA_CA_CERTS once, at start; where the env file alone sets it, that has passed.
 */
export const replacementForCertificates = (
  certificates: string | undefined,
  environment: ProcessEnvironment,
  running: Running,
): Replacement | undefined => {
  if (certificates === undefined || certificates === environment.NODE_EXTRA_CA_CERTS) {
    return undefined
  }
  if (environment[restartMark] !== undefined) return undefined
  const next = { ...environment, NODE_EXTRA_CA_CERTS: certificates, [restartMark]: '1' }
  const set = Object.entries(next).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]]
  )
  return {
    file: running.execPath,
    args: argumentsOf(running),
    environment: Object.fromEntries(set),
  }
}

/**
 * Starts the process anew, with the same process id, when the env file names certificates that Bun has
 * not read at start; else returns. Call it before anything is open: nothing is closed first.
 * Throws ConfigurationError when the system refuses.
 */
export const reexecForCertificates = (
  certificates: string | undefined,
  environment: ProcessEnvironment,
): void => {
  const next = replacementForCertificates(certificates, environment, process)
  if (next === undefined) return
  try {
    process.execve?.(next.file, next.args, next.environment)
  } catch (error) {
    const what = 'is set in the env file, but the process could not be started anew to read it'
    const advice = 'set it in /etc/default/st2chatops or /etc/sysconfig/st2chatops instead'
    throw new ConfigurationError([{ name: 'NODE_EXTRA_CA_CERTS', what, advice }], { cause: error })
  }
}
