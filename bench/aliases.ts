/** An alias as `GET /v1/actionalias` gives it, and a command for each of its formats. */
export type BenchAliases = {
  readonly documents: readonly Readonly<Record<string, unknown>>[]
  /** One command for each format, by the number of the format. */
  readonly command: (format: number) => string
}

const verbs = [
  ...['list', 'show', 'create', 'delete', 'restart', 'deploy', 'check', 'update', 'stop', 'start'],
]
const nouns = [
  ...['instance', 'service', 'volume', 'network', 'user', 'ticket', 'backup', 'queue', 'release'],
  'certificate',
]

/** A step through the numbers that visits each once: no primes of 50, 1,000 or 10,000 are in it. */
const stride = 7_919

const compare = (one: unknown, other: unknown): number =>
  String(one) < String(other) ? -1 : one === other ? 0 : 1

/**
 * `count` formats as real packs have them: a pack's name, a verb and a noun in front of placeholders, so that a format shares
 * each of its words with many others and the whole of them with none. Every fourth alias has a display text and two formats.
 */
export const benchAliases = (count: number): BenchAliases => {
  const heads = Array.from({ length: count }, (_, at) => {
    const number = (at * stride) % count
    const pack = `pack${Math.floor(number / 100)}`
    const verb = verbs[Math.floor(number / 10) % 10]
    return { pack, head: `${pack} ${verb} ${nouns[number % 10]}` }
  })
  const documents: Record<string, unknown>[] = []
  for (let at = 0; at < heads.length; at++) {
    const first = heads[at]
    if (first === undefined) break
    const own = [`${first.head} {{name}} on {{host=localhost}}`]
    const second = documents.length % 4 === 3 ? heads[at + 1] : undefined
    if (second !== undefined) {
      own.push(`${second.head} {{name}} on {{host=localhost}}`)
      at++
    }
    const name = `alias_${documents.length}`
    documents.push({
      uid: `action_alias:${first.pack}:${name}`,
      'metadata_file': `aliases/${name}.yaml`,
      name,
      ref: `${first.pack}.${name}`,
      description: `Runs ${first.head} on a host.`,
      pack: first.pack,
      enabled: true,
      'action_ref': 'core.remote',
      formats: second === undefined
        ? own
        : own.map((format) => ({ display: format, representation: [format] })),
      ack: { format: 'Hold tight while I run *{{execution.parameters.name}}*' },
      result: { format: 'Done: {{ execution.result }}' },
      extra: {},
      'immutable_parameters': {},
      id: (0x6b02cd783eaf + documents.length).toString(16).padStart(24, '0'),
    })
  }
  // As the API sorts its list.
  documents.sort((one, other) => compare(one.pack, other.pack) || compare(one.name, other.name))
  return {
    documents,
    command: (format) => {
      const { head } = heads[format % count] ?? { head: '' }
      return `${head} web${format % 17} on db${format % 5}.example.com`
    },
  }
}
