/** Names for the ids that stand in Slack's markup; undefined where one cannot be had. */
export type Names = {
  /** The id itself for somebody whose handle counts elsewhere only. */
  readonly handleOf: (user: string) => Promise<string | undefined>
  readonly channelNameOf: (channel: string) => Promise<string | undefined>
}

/**
 * Slack's editors make quotes typographic and blanks unbreakable; aliases expect what stands on the keyboard, and the old
 * bot gave them that for Slack.
 */
export const plainKeys = (text: string): string =>
  text.replace(/[\u201c\u201d]/g, '"').replace(/[\u2018\u2019]/g, "'").replaceAll('\u00a0', ' ')

const broadcasts = new Set(['channel', 'group', 'everyone', 'here'])

/**
 * Slack's markup as the text that the person typed: mentions become `@handle` and `#channel`, links what stood in the
 * message field, and `&lt;` `&gt;` `&amp;` their characters. What cannot be resolved stays as it is.
 */
export const decodeText = async (text: string, names: Names): Promise<string> => {
  const marks = [...text.matchAll(/<([^<>\s][^<>]*)>/g)]
  const words = await Promise.all(marks.map(([whole, inner = '']) => decode(whole, inner, names)))
  let decoded = ''
  let at = 0
  for (const [index, mark] of marks.entries()) {
    decoded += unescape(text.slice(at, mark.index)) + unescape(words[index] ?? '')
    at = mark.index + mark[0].length
  }
  return decoded + unescape(text.slice(at))
}

/** In this order: `&amp;lt;` is the text `&lt;`. */
const unescape = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

const decode = async (whole: string, inner: string, names: Names): Promise<string> => {
  const bar = inner.indexOf('|')
  const target = bar < 0 ? inner : inner.slice(0, bar)
  const label = bar < 0 ? '' : inner.slice(bar + 1)
  const id = target.slice(1)
  switch (target[0]) {
    case '@': {
      const handle = await names.handleOf(id)
      // A label is what somebody wrote there: it gives nobody from elsewhere the name of a colleague.
      const name = handle === id ? id : label || handle
      return name === undefined ? whole : `@${name}`
    }
    case '#': {
      const name = label || await names.channelNameOf(id)
      return name === undefined ? whole : `#${name}`
    }
    case '!':
      if (broadcasts.has(id)) return `@${id}`
      return label || whole
    default:
      return decodeLink(target, label) || whole
  }
}

/**
 * A host name or an address of mail that Slack itself made a link of comes back as it was typed; a link that a person
 * labelled keeps both.
 */
const decodeLink = (target: string, label: string): string => {
  const link = target.replace(/^mailto:/, '')
  if (label === '') return link
  const bare = link.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
  if (label === bare || `${label}/` === bare) return label
  return link.includes(label) ? link : `${label} (${link})`
}
