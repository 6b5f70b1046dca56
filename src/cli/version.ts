import manifest from '../../package.json' with { type: 'json' }
import type { ExitCode, Io } from './io.ts'

// `compile.ts` puts these two in; a run from source has neither.
declare const ST2CHATOPS_COMMIT: string | undefined
declare const ST2CHATOPS_TARGET: string | undefined

export type Version = {
  readonly name: string
  readonly version: string
  /** The commit it was built from, with `-dirty` when files had been changed; `development` in a run from source. */
  readonly commit: string
  /** The version of Bun inside. */
  readonly bun: string
  /** Operating system, processor and C library that it was built for: `linux-x64`, `linux-arm64-musl`. */
  readonly target: string
}

/** What this program is, down to the commit. */
export const currentVersion = (): Version => ({
  name: manifest.name,
  version: manifest.version,
  commit: typeof ST2CHATOPS_COMMIT === 'string' ? ST2CHATOPS_COMMIT : 'development',
  bun: Bun.version,
  target: typeof ST2CHATOPS_TARGET === 'string'
    ? ST2CHATOPS_TARGET
    : `${process.platform}-${process.arch}`,
})

/** `st2chatops version`: one line, or one JSON object. */
export const version = async (
  { json = false }: { json?: boolean | undefined },
  { stdout }: Pick<Io, 'stdout'>,
): Promise<ExitCode> => {
  const current = currentVersion()
  const { name, bun, target } = current
  // Twelve digits of a commit are enough to find it; the mark of a changed tree stays.
  const commit = current.commit.replace(/^([0-9a-f]{12})[0-9a-f]+/, '$1')
  stdout.write(
    json
      ? `${JSON.stringify(current)}\n`
      : `${name} ${current.version} (${commit}, ${target}, Bun ${bun})\n`,
  )
  return 0
}
