import type { ConfigurationFile } from './env-file.ts'
import type { Variables } from './variables.ts'

export type EnvironmentFile = {
  readonly variables: Variables
  readonly warnings: readonly string[]
}

/** Reads systemd's EnvironmentFile. */
export const readEnvironmentFile = (file: ConfigurationFile): EnvironmentFile => ({
  warnings: [],
  variables: new Map(
    file.text.split('\n').flatMap((line, index) => {
      const match = /^\s*(\w+)=(['"]?)(.*)\2\s*$/.exec(line)
      return match?.[1] === undefined
        ? []
        : [[match[1], { value: match[3] ?? '', source: `${file.path}:${index + 1}` }] as const]
    }),
  ),
})
