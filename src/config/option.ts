/**
 * The kinds of value that a variable can hold. For all of them an empty value counts as unset, as it
 * did in the old bot (`process.env.X || default`) and as the template's `export ST2_API_KEY=""` needs.
 * `milliseconds` and `seconds` are numbers in that unit, as the variable's users have always written them;
 * `list` is comma-separated with blanks around its items dropped; `json` is an object in JSON;
 * `switch` is off for false, 0, no and off in any case, and on for everything else.
 * A `choice` is read in any case and given in the table's spelling.
 */
export type OptionType =
  | 'string'
  | 'integer'
  | 'port'
  | 'milliseconds'
  | 'seconds'
  | 'switch'
  | 'list'
  | 'url'
  | 'path'
  | 'json'
  | { readonly choice: readonly string[] }

/** One variable. From rows like this come parsing, validation, `check`, `config show`, the example file, the docs and completion. */
export type Option = {
  readonly name: string
  readonly type: OptionType
  /** Written as the variable would be; parsed like a value that was set. */
  readonly default?: string
  /** The whole value is a secret. */
  readonly secret?: boolean
  /**
   * Only a part is: the user and password of an address, or what follows the first colon or blank
   * in each item of a list (`#channel key`).
   */
  readonly secretPart?: 'userinfo' | 'after-colon' | 'after-blank'
  /** One sentence for a person: what it does, in which unit. */
  readonly help: string
  /** The least number that makes sense; 0 where it is not given. */
  readonly minimum?: number
  /** Without a value the bot cannot do its work: checked only where the table is in use. */
  readonly required?: true
  /** Other names that work as well, read after this one and without a warning. */
  readonly alternatives?: readonly string[]
  /** Older names that still work, with a warning that names this one. */
  readonly deprecated?: readonly string[]
  /** Known so that nobody is told it is a typing error, but without effect: the sentence says why. */
  readonly ignored?: string
  /** What stands in the example file, where neither the default nor the placeholder is right. */
  readonly example?: string
}

export type OptionTable = readonly Option[]

type ValueOf<Type extends OptionType> = Type extends 'integer' | 'port' | 'milliseconds' | 'seconds'
  ? number
  : Type extends 'switch' ? boolean
  : Type extends 'list' ? readonly string[]
  : Type extends 'json' ? Readonly<Record<string, unknown>>
  : Type extends { readonly choice: readonly (infer Choice)[] } ? Choice
  : string

/** The parsed values of a table that was written `as const satisfies OptionTable`. Unset ones without a default are undefined. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Row in Table[number] as Row['name']]: Row extends
    { readonly default: string } | { readonly required: true } ? ValueOf<Row['type']>
    : ValueOf<Row['type']> | undefined
}
