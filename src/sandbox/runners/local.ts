// deno-lint-ignore-file camelcase -- the names are StackStorm's own
import type { Json, Outcome } from '../model.ts'
import { type CommandResult, runCommand } from './shell.ts'

/** The default of the runners' `timeout` parameter, in seconds. */
const defaultTimeout = 60

const notAllowed = 'The sandbox runs no commands. Start it with --allow-local to let it run real ' +
  'commands on this machine.'

/** StackStorm drops one line end from an output and reads what is JSON. */
const outputValue = (text: string): unknown => {
  const stripped = text.replace(/\r?\n$/, '')
  if (stripped === '') return ''
  try {
    return JSON.parse(stripped)
  } catch {
    return stripped
  }
}

const shellResult = (result: CommandResult, timeout: number): Json => ({
  stdout: outputValue(result.stdout),
  stderr: outputValue(result.stderr),
  return_code: result.code,
  succeeded: result.code === 0,
  failed: result.code !== 0,
  ...(result.timedOut ? { error: `Action failed to complete in ${timeout} seconds` } : {}),
})

const refused: Json = {
  stdout: '',
  stderr: notAllowed,
  return_code: 1,
  succeeded: false,
  failed: true,
}

const strings = (value: unknown): Readonly<Record<string, string>> | undefined =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]))
    : undefined

const execute = async (
  parameters: Json,
  signal: AbortSignal,
): Promise<{ result: Json; timedOut: boolean }> => {
  const timeout = typeof parameters.timeout === 'number' ? parameters.timeout : defaultTimeout
  const result = await runCommand(String(parameters.cmd ?? ''), {
    timeout,
    cwd: typeof parameters.cwd === 'string' ? parameters.cwd : undefined,
    env: strings(parameters.env),
    signal,
  })
  return { result: shellResult(result, timeout), timedOut: result.timedOut }
}

/** Runs `cmd` on this machine, if that is allowed. */
export const runLocal = async (
  parameters: Json,
  allowed: boolean,
  signal: AbortSignal,
): Promise<Outcome> => {
  if (!allowed) return { status: 'failed', result: refused }
  const { result, timedOut } = await execute(parameters, signal)
  return { status: timedOut ? 'timeout' : result.succeeded ? 'succeeded' : 'failed', result }
}

const thisHost = new Set(['localhost', '127.0.0.1', '::1'])

/** Runs `cmd` on each of `hosts`; only this machine can be reached, and only if that is allowed. */
export const runRemote = async (
  parameters: Json,
  allowed: boolean,
  signal: AbortSignal,
): Promise<Outcome> => {
  const hosts = [...new Set(String(parameters.hosts ?? '').split(',').map((host) => host.trim()))]
    .filter((host) => host !== '')
  let status: Outcome['status'] = 'succeeded'
  const results: [string, Json][] = []
  for (const host of hosts) {
    if (!thisHost.has(host.replace(/^(.+):\d+$/, '$1'))) {
      status = 'failed'
      results.push([host, unreachable(host)])
      continue
    }
    const { result, timedOut } = allowed
      ? await execute(parameters, signal)
      : { result: refused, timedOut: false }
    if (timedOut) status = 'timeout'
    else if (!result.succeeded && status === 'succeeded') status = 'failed'
    results.push([host, result])
  }
  return { status, result: Object.fromEntries(results) }
}

const unreachable = (host: string): Json => ({
  failed: true,
  succeeded: false,
  return_code: 255,
  stdout: '',
  stderr: '',
  error: `Cannot connect to host ${host}. The sandbox reaches localhost only.`,
})
