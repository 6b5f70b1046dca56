import { type AdapterEntry, adapters } from '../../adapters/index.ts'
import { systemClock } from '../clock.ts'
import { noEnvFile } from '../config/env-file.ts'
import { describeProblem } from '../config/error.ts'
import { readConfiguration } from '../config/load.ts'
import { reexecForCertificates, takeOverEnvironment } from '../config/process.ts'
import { createMask } from '../config/redact.ts'
import type { Configuration, LoadOptions, Settings } from '../config/settings.ts'
import { silentLog } from '../log.ts'
import type { StackStorm } from '../stackstorm/types.ts'
import { type Finding, ok, warn } from './check-finding.ts'
import { checkHttp } from './check-http.ts'
import { type ProbeOptions, probeStackStorm } from './check-stackstorm.ts'
import { counted } from './counted.ts'
import type { ExitCode, Io } from './io.ts'
import { openStackStorm } from './open-stackstorm.ts'
import { printable, printableJson } from './printable.ts'

export type CheckOptions = {
  readonly envFile?: string
  readonly json?: boolean
  /** Warnings count as failures. */
  readonly strict?: boolean
  /** With false, nobody is asked. */
  readonly network?: boolean
}

/** Where a test puts other things in. */
export type CheckSources = Partial<LoadOptions> & {
  readonly open?: (settings: Settings) => StackStorm
  readonly badAliases?: ProbeOptions['badAliases'] | undefined
  /** ms for each question to StackStorm. */
  readonly deadline?: number
}

/** A person waits at the terminal: longer than this is no answer. */
const usualDeadline = 10_000

const configurationFindings = (
  { problems, warnings, file, lookedFor, provenance }: Configuration,
): readonly Finding[] => {
  const subject = 'configuration'
  const set = provenance().filter(({ source }) => source !== 'default' && source !== 'inferred')
  const read = `${file ?? noEnvFile(lookedFor)}; ${
    counted(set.length, 'variable is', 'variables are')
  } set`
  return [
    ...problems.map((problem): Finding => {
      const { advice, ...rest } = problem
      const what = describeProblem({ ...rest, advice: '' }).replace(/; *$/, '')
      return { level: 'fail', subject, what, fix: advice }
    }),
    ...warnings.map((what): Finding => ({ level: 'warn', subject, what })),
    ...problems.length === 0 ? [ok(subject, read)] : [],
    ...problems.length > 0 && lookedFor.length > 0
      ? [warn(subject, `there is ${noEnvFile(lookedFor)}`, 'name yours with --env-file')]
      : [],
  ]
}

/** What the chosen chat services say of their own variables, those that have something to say. */
const chatFindings = async (
  { adapters: chosen, valuesOf }: Configuration<AdapterEntry>,
): Promise<readonly Finding[]> => {
  const findings = await Promise.all(chosen.map(async ({ name, load }) => {
    const { check, options } = await load?.() ?? {}
    if (check === undefined || options === undefined) return []
    try {
      return [ok(name, check(valuesOf(options)))]
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error)
      return [{ level: 'fail', subject: name, what } satisfies Finding]
    }
  }))
  return findings.flat()
}

/** The bot's own reading of the documents; what it cannot use is named with the reason. */
const readBadAliases: ProbeOptions['badAliases'] = async (documents) => {
  const { buildCatalog } = await import('../alias/catalog.ts')
  const { createBacktracker } = await import('../alias/backtracker.ts')
  // Its Worker starts with the first match, and here nothing is matched.
  const { problems } = await buildCatalog(documents, { backtracker: createBacktracker() })
  return problems.map(({ ref, reason }) => `${ref}: ${reason}`)
}

const networkFindings = async (
  settings: Settings,
  { open, badAliases = readBadAliases, deadline = usualDeadline }: CheckSources,
): Promise<readonly Finding[]> =>
  await probeStackStorm({
    stackstorm: open?.(settings) ?? openStackStorm(settings, systemClock, silentLog),
    route: settings.core.ST2_ROUTE,
    badAliases,
    deadline,
  })

const line = ({ level, subject, what, fix }: Finding): string =>
  [`${level.padEnd(4)}  ${subject}: ${what}`, ...fix === undefined ? [] : [`      -> ${fix}`]]
    .map((text) => `${printable(text)}\n`).join('')

/**
 * Looks at the configuration and, unless `network` is false, at StackStorm; prints one line for each thing
 * and what to do about it. 0: all is well; 1: StackStorm does not do what the bot needs, or with `strict`
 * there is a warning; 78: the configuration can never work.
 */
export const check = async (
  options: CheckOptions,
  io: Io,
  sources: CheckSources = {},
): Promise<ExitCode> => {
  const environment = sources.environment ?? takeOverEnvironment()
  const configuration = await readConfiguration({
    ...sources,
    environment,
    adapters,
    ...options.envFile === undefined ? {} : { envFile: options.envFile },
  })
  const mask = createMask(configuration.secrets)
  const findings = [...configurationFindings(configuration)]
  if (configuration.problems.length === 0) findings.push(...await chatFindings(configuration))
  const usable = findings.every(({ level }) => level !== 'fail')
  if (usable && options.network !== false) {
    // Whoever gives an environment of their own has no process to start anew.
    if (sources.environment === undefined) {
      reexecForCertificates(configuration.core.NODE_EXTRA_CA_CERTS, environment)
    }
    const { HUBOT_HTTPD: http, EXPRESS_BIND_ADDRESS: host, EXPRESS_PORT: port } = configuration.core
    if (http) findings.push(await checkHttp(host, port))
    findings.push(...await networkFindings(configuration, sources))
  }
  // Each text by itself: escaped, a secret would no longer be known.
  const shown = findings.map(({ what, fix, ...rest }): Finding => ({
    ...rest,
    what: mask(what),
    ...fix === undefined ? {} : { fix: mask(fix) },
  }))
  io.stdout.write(options.json ? `${printableJson(shown, 2)}\n` : shown.map(line).join(''))
  if (!usable) return 78
  const bad = findings.some(({ level }) =>
    level === 'fail' || (options.strict === true && level === 'warn')
  )
  return bad ? 1 : 0
}
