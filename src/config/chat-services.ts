import type { Problem } from './error.ts'
import type { OptionTable } from './option.ts'

/** What the configuration needs to know of a chat service. One without `load` is not in this version. */
export type ChatService = {
  readonly name: string
  readonly aliases: readonly string[]
  readonly title: string
  readonly options: OptionTable
  readonly load?: unknown
}

/** `@hubot-friends/hubot-slack`, `hubot-slack` and `Slack` all mean `slack`. */
const plainName = (name: string): string =>
  name.toLowerCase().replace(/^@[^/]*\//, '').replace(/^hubot-/, '')

/** The services that `HUBOT_ADAPTER` names, each once, and what is wrong with the names. */
export const chooseServices = <Service extends ChatService>(
  services: readonly Service[],
  names: readonly string[] | undefined,
  source: string | undefined,
): { readonly chosen: readonly Service[]; readonly problems: readonly Problem[] } => {
  const name = 'HUBOT_ADAPTER'
  const ready = services.filter(({ load }) => load !== undefined).map(({ name }) => name).join(', ')
  const origin = source === undefined ? {} : { source }
  if (names === undefined || names.length === 0) {
    const what = 'is not set, so that there is no chat to talk in'
    return { chosen: [], problems: [{ name, what, advice: `write one or more of: ${ready}` }] }
  }
  const chosen = new Set<Service>()
  const problems: Problem[] = []
  for (const wanted of names) {
    const plain = plainName(wanted)
    const service = services.find((one) => one.name === plain || one.aliases.includes(plain))
    if (service === undefined) {
      const what = `names no chat service that is known here: ${JSON.stringify(wanted)}`
      problems.push({ name, ...origin, what, advice: `write one or more of: ${ready}` })
    } else if (service.load === undefined) {
      const what = `asks for ${service.title} (${wanted}), which is not in this version`
      problems.push({ name, ...origin, what, advice: `write one or more of: ${ready}` })
    } else chosen.add(service)
  }
  return { chosen: [...chosen], problems }
}
