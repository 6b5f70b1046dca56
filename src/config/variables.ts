/** One variable's value and where it was set: `FILE:LINE`, `environment`, `flag` and so on. */
export type Variable = { readonly value: string; readonly source: string }

/** All variables of one stage; what a later stage sets replaces what an earlier one has set. */
export type Variables = ReadonlyMap<string, Variable>

/** The process's environment, or a stand-in for it, as the first stage. */
export const variablesOf = (
  record: Readonly<Record<string, string | undefined>>,
  source: string,
): Variables =>
  new Map(
    Object.entries(record).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, { value, source }] as const]
    ),
  )
