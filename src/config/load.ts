import { type ChatService, chooseServices } from './chat-services.ts'
import { checkCore, checkRow } from './checks.ts'
import { noEnvFile } from './env-file.ts'
import { ConfigurationError, type Problem } from './error.ts'
import { warnOfClearText, warnOfStateFolder, warnOfTemplates } from './exposure.ts'
import type { OptionTable, OptionValues } from './option.ts'
import { coreOptions } from './options.ts'
import { showRows } from './provenance.ts'
import { type Resolved, resolveTable } from './resolve.ts'
import { secretsOf } from './secret-values.ts'
import type { Configuration, LoadOptions, Settings } from './settings.ts'
import { readSources } from './sources.ts'
import { warnOfUnknown } from './unknown-names.ts'
import { warnOfCertificates, warnOfOpenFile, warnOfRows } from './warnings.ts'

/** The rows' values by name. The table's type says what `readValue` has made of each. */
const valuesBy = <Table extends OptionTable>(rows: readonly Resolved[]): OptionValues<Table> =>
  Object.fromEntries(rows.map(({ option, value }) => [option.name, value])) as OptionValues<Table>

const secretsIn = ({ option, found }: Resolved): readonly string[] =>
  found === undefined ? [] : secretsOf(option, found.value)

/** User and password as a Basic header carries them. */
const basicHeader = (core: OptionValues<typeof coreOptions>): readonly string[] => {
  const { ST2_AUTH_USERNAME: user, ST2_AUTH_PASSWORD: password } = core
  return user === undefined || password === undefined
    ? []
    : [Buffer.from(`${user}:${password}`).toString('base64')]
}

/**
 * Reads the whole configuration and says all that is wrong with it, without throwing for it:
 * `config show` shows what there is. Files come from the places that `options` name.
 */
export const readConfiguration = async <Service extends ChatService = ChatService>(
  options: LoadOptions<Service> = {},
): Promise<Configuration<Service>> => {
  const { adapters: services = [], tables = [], needs = ['stackstorm', 'chat'] } = options
  const known = [
    ...new Set<OptionTable>([coreOptions, ...services.map((one) => one.options), ...tables]),
  ]
  const sources = await readSources(options, known.flat())
  const { variables, unread } = sources
  // A secret whose own file could not be read is not set for that reason, which is told already.
  const isRead = ({ option }: Resolved): boolean => !unread.has(option.name)
  const resolved = new Map(known.map((table) => [table, resolveTable(table, variables)]))
  const rowsOf = (table: OptionTable): readonly Resolved[] =>
    resolved.get(table) ?? resolveTable(table, variables)
  const coreRows = rowsOf(coreOptions)
  const core = valuesBy<typeof coreOptions>(coreRows)

  const wanted = coreRows.find(({ option }) => option.name === 'HUBOT_ADAPTER')
  const { chosen, problems: choiceProblems } = options.adapters && needs.includes('chat')
    ? chooseServices(services, core.HUBOT_ADAPTER, wanted?.found?.source)
    : { chosen: [], problems: [] }
  const used = [...chosen.map((service) => service.options), ...tables]
  // After a file that could not be read everything is unset: only the file itself is worth a word.
  const problems: readonly Problem[] = sources.complete
    ? [
      ...sources.problems,
      ...checkCore(coreRows, core, needs.includes('stackstorm'), unread),
      ...choiceProblems,
      ...used.flatMap((table) => rowsOf(table).filter(isRead).flatMap(checkRow)),
    ]
    : sources.problems

  const all = known.flatMap(rowsOf)
  const inUse = [coreOptions, ...used].flatMap(rowsOf)
  return {
    core,
    // What is unset says nothing of them where not all could be read.
    adapters: sources.complete ? chosen : [],
    valuesOf: (table) => {
      const rows = rowsOf(table)
      const wrong = rows.flatMap(checkRow)
      if (wrong.length > 0) throw new ConfigurationError(wrong)
      return valuesBy(rows)
    },
    file: sources.file?.path,
    lookedFor: sources.lookedFor,
    problems,
    warnings: [
      ...sources.warnings,
      ...warnOfOpenFile(sources.file, all),
      ...warnOfRows(inUse, core),
      ...warnOfCertificates(core.NODE_EXTRA_CA_CERTS),
      ...warnOfTemplates(core.ST2CHATOPS_TEMPLATES, coreRows),
      ...warnOfStateFolder(core.ST2CHATOPS_STATE_DIR, coreRows),
      ...warnOfClearText(coreRows, core),
      // Without the services' tables their variables would look like typing errors.
      ...options.adapters === undefined ? [] : warnOfUnknown(known.flat(), variables),
    ],
    provenance: () => showRows(inUse, all, core),
    secrets: [...new Set([...all.flatMap(secretsIn), ...basicHeader(core)])],
  }
}

/**
 * Reads the whole configuration. Throws one ConfigurationError that names everything that is wrong:
 * the variable, where it was set, what is wrong with it and what to write instead.
 */
export const loadSettings = async <Service extends ChatService = ChatService>(
  options: LoadOptions<Service> = {},
): Promise<Settings<Service>> => {
  const { problems, ...settings } = await readConfiguration(options)
  if (problems.length === 0) return settings
  const { lookedFor } = settings
  throw new ConfigurationError(problems, {
    notes: lookedFor.length > 0 ? [`There is ${noEnvFile(lookedFor)}.`] : [],
  })
}
