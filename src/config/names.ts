import type { Option } from './option.ts'

/** The variable that names the file which holds a secret. */
export const fileVariableOf = (option: Option): string => `${option.name}_FILE`

/** Whether a value may be given in a file of its own. */
export const mayStandInFile = (option: Option): boolean =>
  option.ignored === undefined && (option.secret === true || option.secretPart !== undefined)

/** All variables that a row is read from. */
export const namesOf = (option: Option): readonly string[] => [
  option.name,
  ...option.deprecated ?? [],
  ...option.alternatives ?? [],
  ...mayStandInFile(option) ? [fileVariableOf(option)] : [],
]
