import {
  isStackStormError,
  StackStormRefused,
  StackStormUnreachable,
} from '../stackstorm/errors.ts'
import type { StackStorm } from '../stackstorm/types.ts'
import { fail, type Finding, ok, warn } from './check-finding.ts'
import { counted } from '../counted.ts'

/** What the probes need beside StackStorm itself. */
export type ProbeOptions = {
  readonly stackstorm: StackStorm
  /** `ST2_ROUTE`. */
  readonly route: string
  /** The bot's own reading of StackStorm's documents. */
  readonly readAliases: (documents: readonly unknown[]) => Promise<AliasesRead>
  /** ms after which a question counts as not answered. */
  readonly deadline: number
}

/** How many aliases can be used, and each that cannot, or a format of it, with the reason. */
export type AliasesRead = { readonly usable: number; readonly problems: readonly string[] }

/** The rule of the chatops pack that brings results back. */
const ruleName = 'chatops.notify'

const reasonOf = (error: unknown): string => error instanceof Error ? error.message : String(error)

/** Turns what a probe throws into a finding; anything that StackStorm did not say is passed on. */
const attempt = async (
  subject: string,
  deadline: number,
  probe: (signal: AbortSignal) => Promise<Finding>,
): Promise<Finding> => {
  const signal = AbortSignal.timeout(deadline)
  try {
    return await probe(signal)
  } catch (error) {
    if (signal.aborted) return fail(subject, `no answer within ${deadline / 1000} s`)
    if (!isStackStormError(error)) throw error
    if (error instanceof StackStormRefused && error.status === 403) {
      const fix = "give the bot's user the permission (StackStorm: rbac)"
      return fail(subject, reasonOf(error), fix)
    }
    // The auth service may be away while everything else is there.
    const service = error instanceof StackStormUnreachable ? error.service : undefined
    return fail(service ?? subject, reasonOf(error))
  }
}

const probeRule = async ({ stackstorm, route }: ProbeOptions, signal: AbortSignal) => {
  const rule = await stackstorm.rule(ruleName, signal)
  if (rule === undefined) {
    return fail(
      'rule',
      `${ruleName} does not exist: no result comes back`,
      'st2 pack install chatops',
    )
  }
  if (!rule.enabled) {
    return fail(
      'rule',
      `${ruleName} is disabled: no result comes back`,
      `st2 rule enable ${ruleName}`,
    )
  }
  if (rule.route !== route) {
    const what = `${ruleName} takes the route ${rule.route}, the bot asks for ${route}`
    return fail('rule', what, `set ST2_ROUTE=${rule.route}, or change the rule`)
  }
  if (!rule.passesContext) {
    const what = `${ruleName} does not pass the context on: results are not tied to their command`
    return warn('rule', what, 'update the pack chatops: st2 pack install chatops')
  }
  return ok('rule', `${ruleName} is enabled and takes the route ${route}`)
}

const probeAliases = async ({ stackstorm, readAliases }: ProbeOptions, signal: AbortSignal) => {
  const documents = await stackstorm.aliases(signal)
  const { usable, problems } = await readAliases(documents)
  if (documents.length === 0) {
    return warn('aliases', 'StackStorm has none: nobody can give a command', 'st2 pack install st2')
  }
  const found = counted(usable, 'action alias', 'action aliases')
  if (problems.length > 0) {
    const what = `${found} usable, ${counted(problems.length, 'problem')}: ${problems[0]}`
    return warn('aliases', what, 'st2chatops aliases lint')
  }
  return usable > 0
    ? ok('aliases', `${found}, all usable`)
    : warn('aliases', 'all are disabled: nobody can give a command', 'st2 action-alias list')
}

const probeStream = async ({ stackstorm }: ProbeOptions, signal: AbortSignal) => {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  let problem: string | undefined
  let connected = false
  await stackstorm.follow({
    events: ['st2.announcement__*'],
    signal: either,
    onEvent: () => {},
    onState: (state) => {
      problem = state.error ?? problem
      connected ||= state.state === 'connected'
      // The stream would try again for ever; the first outcome is what was asked for.
      if (connected || state.error !== undefined) stop.abort()
    },
  })
  if (connected) return ok('stream', 'StackStorm sends events')
  signal.throwIfAborted()
  return fail('stream', problem ?? 'no connection')
}

/**
 * Asks StackStorm all that the bot will need, and tells how each answer was. Without the API or with wrong
 * credentials nothing else is asked: it would fail for the same reason.
 */
export const probeStackStorm = async (options: ProbeOptions): Promise<readonly Finding[]> => {
  const { stackstorm, deadline } = options
  let refused = false
  const api = await attempt('API', deadline, async (signal) => {
    try {
      return ok('API', `StackStorm ${await stackstorm.version(signal)} answers`)
    } catch (error) {
      if (!(error instanceof StackStormRefused) || error.status !== 401) throw error
      refused = true
      return ok('API', 'StackStorm answers')
    }
  })
  if (api.level === 'fail') return [api]
  const credentials = await attempt('credentials', deadline, async (signal) => {
    const { username, method, rbac } = await stackstorm.whoami(signal)
    const access = rbac ? 'role-based access is on' : 'role-based access is off'
    return ok('credentials', `StackStorm knows the bot as ${username} (${method}); ${access}`)
  })
  if (refused || credentials.level === 'fail') return [api, credentials]
  const others = await Promise.all([
    attempt('stream', deadline, (signal) => probeStream(options, signal)),
    attempt('rule', deadline, (signal) => probeRule(options, signal)),
    attempt('aliases', deadline, (signal) => probeAliases(options, signal)),
  ])
  return [api, credentials, ...others]
}
