import type { ChatService } from './chat-services.ts'
import type { Problem } from './error.ts'
import type { OptionTable, OptionValues } from './option.ts'
import type { coreOptions } from './options.ts'

/** What a subcommand cannot do without: each is checked only where it is named. */
export type Need = 'stackstorm' | 'chat'

export type LoadOptions<Service extends ChatService = ChatService> = {
  /**
   * All known chat services (`adapters/index.ts`). Without them HUBOT_ADAPTER is not looked at, their
   * secrets are not known to the mask, and no name is called unknown.
   */
  readonly adapters?: readonly Service[]
  /** Further tables in use. */
  readonly tables?: readonly OptionTable[]
  /** The file that `--env-file` names. */
  readonly envFile?: string
  /** The process's environment as `takeOverEnvironment` has given it. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Variables that flags set; they go before everything else. */
  readonly overrides?: Readonly<Record<string, string>>
  /** Both, when left out. */
  readonly needs?: readonly Need[]
  /** Where the env file lies when nobody names one. */
  readonly envFiles?: readonly string[]
  /** Where systemd's environment file lies. */
  readonly systemdFiles?: readonly string[]
}

/** One value for `config show`, already masked. */
export type Shown = {
  readonly name: string
  readonly value: string
  readonly secret: boolean
  readonly source: string
}

/** The configuration in the types of its tables. */
export type Settings<Service extends ChatService = ChatService> = {
  readonly core: OptionValues<typeof coreOptions>
  /** Any table's values; those of a table that is not in use are checked here: throws ConfigurationError. */
  readonly valuesOf: <Table extends OptionTable>(table: Table) => OptionValues<Table>
  /** The chat services that HUBOT_ADAPTER names. */
  readonly adapters: readonly Service[]
  /** Where each value comes from: worked out when somebody asks, which no bot that runs does. */
  readonly provenance: () => readonly Shown[]
  readonly warnings: readonly string[]
  /** Every secret that is set, 4 characters or longer, for the log's mask. */
  readonly secrets: readonly string[]
  /** The env file that was read. */
  readonly file: string | undefined
  /** Where an env file was looked for and none was there; empty when there is one. */
  readonly lookedFor: readonly string[]
}

/** Everything that `Settings` holds as far as it could be read, and what is wrong with it. */
export type Configuration<Service extends ChatService = ChatService> = Settings<Service> & {
  readonly problems: readonly Problem[]
}
