import { helpEntries, type HelpEntry, searchHelp } from '../../alias/help.ts'
import { type BuiltIn, builtIns } from './index.ts'

/** As many commands as a person takes in at once. */
const pageSize = 25

/**
 * `help`, `help <words>`, `help <words> <page>`. Help of more than one page goes to the person alone where the service can,
 * with a word in the channel that it did.
 */
export const help: BuiltIn = async (context, service, message, words) => {
  const { aliases, reply, wording } = context
  const address = message.direct ? '' : context.address
  const catalog = aliases.current()
  if (catalog === undefined) {
    await reply.failure(service, message, 'not-ready', { reason: aliases.problem() })
    return
  }
  const asked = pageOf(words)
  const entries: readonly HelpEntry[] = asked.words === ''
    ? helpEntries(catalog)
    : await searchHelp(catalog, asked.words)
  if (entries.length === 0 && asked.words !== '') {
    await reply.words(service, message, 'help-none', { words: asked.words, address })
    return
  }
  const pages = Math.max(1, Math.ceil(entries.length / pageSize))
  const page = Math.min(asked.page, pages)
  const text = wording('help', {
    words: asked.words,
    entries: entries.slice((page - 1) * pageSize, page * pageSize),
    total: entries.length,
    page,
    pages,
    address,
    own: asked.words === '' ? Object.keys(builtIns) : [],
  })
  const whisper = pages > 1 && !message.direct && service.definition.features.private
  await reply.text(service, message, 'help', text, { whisper })
  if (whisper && page === 1 && !service.definition.features.ephemeral) {
    await reply.words(service, message, 'help-private', { total: entries.length, address })
  }
}

/** "deploy web 2" asks for the second page of "deploy web". */
const pageOf = (words: string): { readonly words: string; readonly page: number } => {
  const [number = ''] = /(?<!\d)\d{1,4}$/.exec(words) ?? []
  const before = words.slice(0, words.length - number.length)
  const isPage = Number(number) > 0 && (before === '' || /\s$/.test(before))
  return isPage ? { words: before.trim(), page: Number(number) } : { words, page: 1 }
}
