import type { AdapterEntry } from '../../adapters/index.ts'
import { ConfigurationError, type Problem } from '../config/error.ts'
import type { Configuration } from '../config/settings.ts'

/** What a chosen chat service says of its variables together: how it will connect, or why it never can. */
export type ChatVerdict =
  & { readonly name: string }
  & (
    | { readonly ok: true; readonly how: string }
    | { readonly ok: false; readonly why: string }
  )

/** Asks those of the chosen chat services that have something to say. A variable that is wrong by itself is told elsewhere. */
export const judgeChat = async (
  { adapters, valuesOf }: Pick<Configuration<AdapterEntry>, 'adapters' | 'valuesOf'>,
): Promise<readonly ChatVerdict[]> => {
  const verdicts = await Promise.all(
    adapters.map(async ({ name, load }): Promise<readonly ChatVerdict[]> => {
      const { check, options } = await load?.() ?? {}
      if (check === undefined || options === undefined) return []
      try {
        return [{ name, ok: true, how: check(valuesOf(options)) }]
      } catch (error) {
        if (error instanceof ConfigurationError) return []
        return [{ name, ok: false, why: error instanceof Error ? error.message : String(error) }]
      }
    }),
  )
  return verdicts.flat()
}

/** The verdicts that end the bot, as problems of the configuration. */
export const chatProblems = (verdicts: readonly ChatVerdict[]): readonly Problem[] =>
  verdicts.flatMap((verdict) =>
    verdict.ok ? [] : [{
      name: 'HUBOT_ADAPTER',
      what: `names ${verdict.name}, which cannot be used: ${verdict.why.replace(/\.$/, '')}`,
      advice: 'correct the settings of this chat service',
    }]
  )
