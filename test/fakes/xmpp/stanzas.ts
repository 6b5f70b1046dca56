/** A stanza as a test looks at it: its own text, and what stands in its first tag. Nothing of the adapter's parser is in it. */
export type RawStanza = {
  readonly name: string
  readonly attrs: Readonly<Record<string, string>>
  readonly xml: string
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&amp;': '&',
}

export const unescape = (text: string): string =>
  text.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => entities[entity] ?? entity)

export const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const attributesOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(/([\w:-]+)=(?:"([^"]*)"|'([^']*)')/g)].map((
      [, name = '', double, single],
    ) => [name, unescape(double ?? single ?? '')]),
  )

/** The text of the first element of this name; undefined without one. */
export const contentOf = (xml: string, name: string): string | undefined => {
  const found = new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`).exec(xml)
  return found === null ? undefined : unescape(found[1] ?? '')
}

/** Cuts what comes in into stanzas. The tags of the stream itself count as stanzas of their own. */
export const createStanzaReader = (
  onStanza: (stanza: RawStanza) => void,
): (text: string) => void => {
  const tag = /<(\/?)([\w:-]+)((?:\s+[\w:-]+=(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|<\?[^>]*\?>/g
  let rest = ''
  return function read(text) {
    rest += text
    let begin = 0
    let done = 0
    let depth = 0
    let head = { name: '', attrs: {} as RawStanza['attrs'] }
    for (const found of rest.matchAll(tag)) {
      const [whole, closes, name, attrs = '', isEmpty] = found
      if (name === undefined) continue
      const end = found.index + whole.length
      if (depth === 0) {
        begin = found.index
        head = { name, attrs: attributesOf(attrs) }
      }
      if (name === 'stream:stream') {
        done = end
        onStanza({ ...head, name: closes ? '/stream:stream' : name, xml: whole })
        continue
      }
      depth += closes ? -1 : isEmpty ? 0 : 1
      if (depth === 0) {
        done = end
        onStanza({ ...head, xml: rest.slice(begin, end) })
      }
    }
    rest = rest.slice(done)
  }
}
