/** Slack's words that alert a whole channel, as they stand in a message for the Web API. */
const broadcast = /<!(channel|here|everyone|group)(?:\|[^<>]*)?>/gi
/** A group of people that is mentioned under its name. */
const group = /<!subteam\^[^<>|]*\|([^<>]*)>/gi
/** All that begins like an order to Slack, except a date: that one alerts nobody. */
const order = /<!(?!date\^)/gi

/** A control sequence that Slack knows; everything else between angle brackets is text, such as a tag of HTML. */
const control = /^(?:@[UWB]|#[CG]|![a-z]|[a-z][a-z0-9+.-]*:)/i

/** Slack reads the words `@channel` and the like in a block's text as mentions, unless it is told not to. */
const plainBroadcast = /@(?:channel|here|everyone|group)\b/i

/**
 * Words that alert everybody, or a group of people, as plain words. Whatever form they have, nothing that is left begins like
 * one of them, so that no later change of the text can bring one back.
 */
export const defuse = (text: string): string =>
  text.replace(broadcast, '@$1').replace(group, '$1').replace(order, '&lt;!')

/**
 * `&lt;` and the like that StackStorm printed stay to be seen, where Slack would show the characters that they stand for. Where an
 * author wrote markup it is escaped already. Goes before all that escapes anything.
 */
export const showEntities = (text: string): string =>
  text.replace(
    /<([^<>\n]*)>|&(?=(?:lt|gt|amp);)/g,
    (whole, inner: string | undefined) =>
      inner === undefined
        ? '&amp;'
        : control.test(inner)
        ? whole
        : whole.replace(/&(?=(?:lt|gt|amp);)/g, '&amp;'),
  )

/** What StackStorm printed between angle brackets stays to be seen; mentions and links that an author wrote keep their effect. */
export const showTags = (text: string): string =>
  text.replace(
    /<([^<>\n]*)>/g,
    (whole, inner: string) => control.test(inner) ? whole : `&lt;${inner}&gt;`,
  )

/** A text that is no markup at all, such as a name. */
export const literal = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** What alerts many among the elements of a rich text, as the words that it shows; undefined for all else. */
const alertingElement = (element: Readonly<Record<string, unknown>>): string | undefined => {
  if (element['type'] === 'broadcast') return `@${element['range'] ?? 'channel'}`
  if (element['type'] === 'usergroup') return `@${element['usergroup_id'] ?? 'group'}`
  return undefined
}

/** `defuse` for everything inside attachments and blocks. */
export const defuseAll = (value: unknown): unknown => {
  if (typeof value === 'string') return defuse(value)
  if (Array.isArray(value)) return value.map(defuseAll)
  if (typeof value !== 'object' || value === null) return value
  const given = value as Readonly<Record<string, unknown>>
  const words = alertingElement(given)
  if (words !== undefined) return { type: 'text', text: words }
  const quiet = Object.fromEntries(
    Object.entries(given).map(([key, inner]) => [key, defuseAll(inner)]),
  )
  const { type, text } = quiet
  return type === 'mrkdwn' && typeof text === 'string' && plainBroadcast.test(text)
    ? { ...quiet, verbatim: true }
    : quiet
}
