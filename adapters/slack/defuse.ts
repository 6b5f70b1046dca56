/** Slack's words that alert a whole channel, as they stand in a message for the Web API. */
const broadcast = /<!(channel|here|everyone|group)(?:\|[^<>]*)?>/g

/** A control sequence that Slack knows; everything else between angle brackets is text, such as a tag of HTML. */
const control = /^(?:@[UWB]|#[CG]|![a-z]|[a-z][a-z0-9+.-]*:)/i

/** Words that alert everybody, as plain words. */
export const defuse = (text: string): string => text.replace(broadcast, '@$1')

/** What StackStorm printed between angle brackets stays to be seen; mentions and links that an author wrote keep their effect. */
export const showTags = (text: string): string =>
  text.replace(
    /<([^<>\n]*)>/g,
    (whole, inner: string) => control.test(inner) ? whole : `&lt;${inner}&gt;`,
  )

/** `defuse` for everything inside attachments and blocks. */
export const defuseAll = (value: unknown): unknown => {
  if (typeof value === 'string') return defuse(value)
  if (Array.isArray(value)) return value.map(defuseAll)
  if (typeof value !== 'object' || value === null) return value
  if ('type' in value && value.type === 'broadcast') {
    const range = 'range' in value ? value.range : 'channel'
    return { type: 'text', text: `@${range}` }
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, defuseAll(inner)]))
}
