import { AliasProblem, badFormats, readAlias } from '../alias/alias.ts'
import { createDialect } from '../alias/dialect.ts'
import type { PackDocuments } from './options.ts'
import type { PackProblem } from './pack-folder.ts'

/**
 * Aliases that the server would stumble over: documents that make no sense, and patterns that it
 * cannot compile, which take `match` away from everybody.
 */
export const checkAliases = (packs: readonly PackDocuments[]): readonly PackProblem[] => {
  const dialect = createDialect()
  const problems: PackProblem[] = []
  for (const pack of packs) {
    for (const source of pack.aliases) {
      try {
        const alias = readAlias({ pack: pack.name, ...source })
        for (const { at, reason } of badFormats(source)) {
          problems.push({ where: alias.ref, reason: `format ${at + 1}: ${reason}` })
        }
        for (const format of alias.formats.flatMap((one) => one.representations)) {
          const reason = patternProblem(() => dialect.matcher(format))
          if (reason) problems.push({ where: alias.ref, reason: `"${format}": ${reason}` })
        }
      } catch (error) {
        if (!(error instanceof AliasProblem)) throw error
        problems.push({ where: error.ref, reason: error.message })
      }
    }
  }
  return problems
}

const patternProblem = (compile: () => unknown): string | undefined => {
  try {
    compile()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
