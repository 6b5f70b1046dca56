import type { ConfigurationFile } from './env-file.ts'
import type { Variables } from './variables.ts'

/** What the env file leaves behind. */
export type ShellEnv = { readonly variables: Variables; readonly warnings: readonly string[] }

/** Reads plain `export A=b` lines. */
export const readShellEnv = (file: ConfigurationFile, before: Variables): ShellEnv => {
  const variables = new Map(before)
  file.text.split('\n').forEach((line, index) => {
    const match = /^\s*export\s+(\w+)=(['"]?)(.*)\2\s*$/.exec(line)
    if (match?.[1] === undefined || match[3] === undefined) return
    const value = match[3].replace(
      /\$\{(\w+)(?::-([^${}]*(?:\$\{\w+\})?[^${}]*))?\}/g,
      (_, name, or) =>
        variables.get(name)?.value ||
        (or ?? '').replace(/\$\{(\w+)\}/, (_: string, inner: string) =>
          variables.get(inner)?.value ?? ''),
    )
    variables.set(match[1], { value, source: `${file.path}:${index + 1}` })
  })
  return { variables, warnings: [] }
}
