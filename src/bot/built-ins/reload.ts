import { helpEntries } from '../../alias/help.ts'
import type { BuiltIn } from './index.ts'

/** So many bad aliases are named in chat. */
const problemsToName = 5

/** `reload`: fetches the aliases now, and says how many there are and which cannot work. */
export const reload: BuiltIn = async ({ aliases, reply }, service, message) => {
  const reloaded = await aliases.reload('asked for in chat')
  if (!reloaded.ok) {
    await reply.failure(service, message, 'reload-failed', {
      reason: reloaded.reason,
      aliases: aliases.current()?.usable.length ?? 0,
    })
    return
  }
  const { catalog } = reloaded
  await reply.words(service, message, 'reloaded', {
    aliases: catalog.usable.length,
    formats: helpEntries(catalog).length,
    problems: catalog.problems.slice(0, problemsToName),
    more: Math.max(0, catalog.problems.length - problemsToName),
  })
}
