import { type ConfigurationFile, readIfThere } from './env-file.ts'
import { ConfigurationError, type Problem } from './error.ts'
import { lettingIn } from './file-access.ts'
import { fileVariableOf, mayStandInFile } from './names.ts'
import type { Option } from './option.ts'
import type { Variable, Variables } from './variables.ts'

/** What the secrets' own files hold. */
export type SecretFiles = {
  readonly variables: Variables
  /** Secrets whose file is to blame for it that they have no value. */
  readonly unread: ReadonlySet<string>
  readonly problems: readonly Problem[]
  readonly warnings: readonly string[]
}

/** Editors and `echo` end a file with a line break that is not part of the secret. */
const withoutLastBreak = (text: string): string => text.replace(/\r?\n$/, '')

const readSecret = async (path: string): Promise<ConfigurationFile> => {
  const file = await readIfThere(path)
  if (file === undefined) {
    const what = 'does not exist'
    throw new ConfigurationError([{ source: path, what, advice: 'correct the path' }])
  }
  return file
}

/**
 * Reads `NAME_FILE=/path` and systemd's credentials (`$CREDENTIALS_DIRECTORY/NAME`) for every secret.
 * A credential goes before a `_FILE`, and that before the plain variable: the template sets a plain
 * ST2_AUTH_PASSWORD always, so that both being set is no mistake worth refusing.
 */
export const readSecretFiles = async (
  options: readonly Option[],
  variables: Variables,
): Promise<SecretFiles> => {
  const found = new Map<string, Variable>()
  const unread = new Set<string>()
  const problems: Problem[] = []
  const warnings: string[] = []
  const folder = variables.get('CREDENTIALS_DIRECTORY')?.value
  for (const option of options.filter(mayStandInFile)) {
    const { name } = option
    const pointer = variables.get(fileVariableOf(option))
    try {
      const credential = folder ? await readIfThere(`${folder}/${name}`) : undefined
      if (credential !== undefined) {
        found.set(name, { value: withoutLastBreak(credential.text), source: 'credential' })
      } else if (pointer !== undefined && pointer.value !== '') {
        if (!pointer.value.startsWith('/')) {
          // It is not repeated: it may be the secret itself, under the wrong name.
          const what = 'is not an absolute path'
          const advice = 'write the whole path, from / on'
          problems.push({ name: fileVariableOf(option), source: pointer.source, what, advice })
          unread.add(name)
          continue
        }
        const { text, open, path } = await readSecret(pointer.value)
        const value = withoutLastBreak(text)
        if (open) {
          warnings.push(
            `${pointer.source}: ${fileVariableOf(option)}: ${path} holds a secret and anybody on ` +
              `this host may read it; ${lettingIn(path)}`,
          )
        }
        found.set(name, { value, source: `${pointer.value} (${fileVariableOf(option)})` })
      } else continue
      if (found.get(name)?.value === '') {
        const what = `is empty in ${found.get(name)?.source}`
        problems.push({ name, what, advice: 'write the secret into the file' })
      }
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      unread.add(name)
      const by = { name: fileVariableOf(option), source: pointer?.source ?? 'credential' }
      problems.push(
        ...error.problems.map(({ source, what, advice }) => ({
          ...by,
          what: `names ${source}, which ${what}`,
          advice,
        })),
      )
      continue
    }
    const plain = variables.get(name)
    if (plain !== undefined && plain.value !== '') {
      const source = found.get(name)?.source
      warnings.push(`${plain.source}: ${name} is not used: its value comes from ${source}`)
    }
  }
  return { variables: new Map([...variables, ...found]), unread, problems, warnings }
}
