import { afterAll, describe, expect, test } from 'bun:test'
import { createBacktracker } from '../../src/alias/backtracker.ts'
import { buildCatalog, type Catalog } from '../../src/alias/catalog.ts'
import { aliasDocument } from './documents.ts'

const backtracker = createBacktracker()
afterAll(() => backtracker.close())

const build = (...documents: unknown[]) => buildCatalog(documents, { backtracker })

const meaning = async (catalog: Catalog, text: string) => {
  const resolution = await catalog.resolve(text)
  if (resolution.kind !== 'match') return resolution.kind
  const { alias, command, parameters, rewritten } = resolution.match
  return { alias: alias.name, command, parameters: { ...parameters }, rewritten }
}

const house = await build(
  aliasDocument('run', ['run {{cmd}} on {{hosts}}']),
  aliasDocument('install', [
    { display: 'pack install <packs>', representation: ['pack install {{ packs }}'] },
  ]),
  aliasDocument('open', ['open {{url}}']),
  aliasDocument('say', ['Say "{{text}}" to {{who=me}}']),
  aliasDocument('user', ['github get user( type {{type}})? {{user}}']),
  aliasDocument('list', ['list {{filter=all}}']),
  aliasDocument('guarded', ['(?!stop)go {{x}}']),
  aliasDocument('copy', ['copy {{a}} to {{b}}']),
  aliasDocument('fixes', [{
    display: 'fixes',
    representation: ['(?:\\b|^)fixes (?P<key>[A-Z]+-[0-9]+)(?:\\b|$)'],
    match_multiple: true,
  }]),
  aliasDocument('shown', [{ display: 'only for help' }]),
  aliasDocument('off', ['off {{x}}'], { enabled: false }),
)

describe('a command as the server reads it is sent as typed', () => {
  test.each<[string, string, Record<string, string | null>]>([
    ['run Date on a  b', 'run', { cmd: 'Date', hosts: 'a  b' }],
    ['list a=b', 'list', { filter: 'all', a: 'b' }],
    ['list', 'list', { filter: 'all' }],
    ['go home', 'guarded', { x: 'home' }],
    ['this fixes A-1 now', 'fixes', { key: 'A-1' }],
    ['github get user bob', 'user', { type: null, user: 'bob' }],
  ])('%s', async (text, alias, parameters) => {
    expect(await meaning(house, text)).toEqual({
      alias,
      command: text,
      parameters,
      rewritten: false,
    })
  })
})

test('a format at which the server fails for what stands between its placeholders is a problem, and fits nothing', async () => {
  const catalog = await build(
    aliasDocument('odd', ['odd {{a}}{{b=1}}', 'odder {{a}}-{{b=1}}']),
    aliasDocument('even', ['even {{a}} {{b=1}}']),
  )
  expect(catalog.problems.map(({ format }) => format)).toEqual([
    'odd {{a}}{{b=1}}',
    'odder {{a}}-{{b=1}}',
  ])
  expect(await meaning(catalog, 'odd x')).toBe('none')
  expect(await meaning(catalog, 'even x')).toMatchObject({ alias: 'even' })
})

describe('a command with other spelling is rewritten', () => {
  test.each<[string, string, Record<string, string | null>]>([
    ['RUN date On X', 'run date on X', { cmd: 'date', hosts: 'X' }],
    ['run  date\ton x', 'run date on x', { cmd: 'date', hosts: 'x' }],
    ['run\u00a0a  B\non\u202fx', 'run a  B on x', { cmd: 'a  B', hosts: 'x' }],
    ['Run date on x t=5', 'run date on x t=5', { cmd: 'date', hosts: 'x', t: '5' }],
    ['say “Hi You” to Bob', 'Say "Hi You" to Bob', { text: 'Hi You', who: 'Bob' }],
    ['GitHub get  user Type Org bob', 'github get user type Org bob', {
      type: 'Org',
      user: 'bob',
    }],
  ])('%j', async (text, command, parameters) => {
    expect(await meaning(house, text)).toMatchObject({ command, parameters, rewritten: true })
  })
})

describe('a value that ends with words that hold "="', () => {
  test.each<[string, Record<string, string | null>]>([
    ['pack install slack,jira=0.1.0', { packs: 'slack,jira=0.1.0' }],
    ['Pack Install slack=0.1.0 mode=fast', { packs: 'slack=0.1.0', mode: 'fast' }],
    ['open https://x.example/?a=b&c="d"e', { url: 'https://x.example/?a=b&c="d"e' }],
    ['copy a=1 to b=2', { a: 'a=1', b: 'b=2' }],
    // The quotes belong to the value: the server's pattern would take the last one away.
    ['open title="two words"', { url: 'title="two words"' }],
    ["open title='two words' mode=fast", { url: "title='two words'", mode: 'fast' }],
    ['open "title"=x', { url: '"title"=x' }],
  ])('%s', async (text, parameters) => {
    const found = await meaning(house, text)
    expect(found).toMatchObject({ parameters, rewritten: true })
    // What is sent must mean the same to whoever reads it next.
    if (typeof found === 'string') expect.unreachable()
    expect(await meaning(house, found.command)).toMatchObject({ parameters, rewritten: false })
  })
})

describe('what is no command', () => {
  test.each(['', 'k=v', 'only for help', 'off x', 'runx on y', 'run date', 'hello there', '😀'])(
    '%j',
    async (text) => {
      expect(await meaning(house, text)).toBe('none')
    },
  )

  test('a text over 8 KiB, counted in bytes', async () => {
    expect(await house.resolve('é'.repeat(4097))).toEqual({
      kind: 'too-long',
      bytes: 8194,
      limit: 8192,
    })
    expect(await meaning(house, 'open ' + 'x'.repeat(8187))).toMatchObject({ alias: 'open' })
    expect(await meaning(house, 'x'.repeat(100_000))).toBe('too-long')
  })
})

describe('several fits', () => {
  test('are all named, with what each would send', async () => {
    const catalog = await build(aliasDocument('a', ['hi {{x}}']), aliasDocument('b', ['hi {{y}}']))
    for (const [text, rewritten] of [['hi you', false], ['HI you', true]] as const) {
      const resolution = await catalog.resolve(text)
      if (resolution.kind !== 'ambiguous') return expect.unreachable()
      expect(resolution.candidates.map(({ alias }) => alias.name)).toEqual(['a', 'b'])
      expect(resolution.candidates.every((one) => one.rewritten === rewritten)).toBe(true)
    }
  })

  test('an exact fit wins over a forgiving one, and a single one over match_multiple', async () => {
    const catalog = await build(
      aliasDocument('upper', ['HI {{x}}']),
      aliasDocument('lower', ['hi {{x}}']),
      aliasDocument('many', [{ representation: ['hi {{x}}'], match_multiple: true }]),
    )
    expect(await meaning(catalog, 'hi you')).toMatchObject({ alias: 'lower' })
    expect(await meaning(catalog, 'HI you')).toMatchObject({ alias: 'upper' })
    expect(await meaning(catalog, 'Hi you')).toBe('ambiguous')
  })
})

describe('bad aliases among good ones', () => {
  test('are named with the reason, and the good ones work', async () => {
    const catalog = await build(
      null,
      { name: 'x' },
      aliasDocument('broken', ['oops ( {{x}}', 'fine {{x}}']),
      aliasDocument('twice', ['a {{x}} {{x}}']),
      aliasDocument('nothing', [null, 5, 'nothing {{x}}']),
      aliasDocument('text', [{ display: 'd', representation: 'text {{x}}' }]),
      aliasDocument('good', ['good {{x}}']),
      aliasDocument('good', ['other {{x}}'], { pack: 'second' }),
    )
    expect(catalog.problems.map(({ ref, format }) => [ref, format])).toEqual([
      ['(no alias)', undefined],
      ['?.x', undefined],
      ['demo.broken', 'oops ( {{x}}'],
      ['demo.twice', 'a {{x}} {{x}}'],
      ['demo.nothing', undefined],
      ['demo.nothing', undefined],
      ['second.good', undefined],
    ])
    for (const text of ['fine 1', 'nothing 1', 'good 1']) {
      expect(await meaning(catalog, text)).toMatchObject({ parameters: { x: '1' } })
    }
    for (const text of ['a 1 2', 'text 1', 'other 1']) {
      expect(await meaning(catalog, text)).toBe('none')
    }
  })

  test('a format that is longer than any that people write is one of them', async () => {
    const { problems } = await build(aliasDocument('long', ['x'.repeat(4097)]))
    expect(problems.map(({ reason }) => reason)).toEqual(['it is longer than 4096 characters'])
  })

  test('without a backtracker, a format that needs one is a problem', async () => {
    const { problems } = await buildCatalog([aliasDocument('look', ['(?!a)b'])])
    expect(problems.map(({ reason }) => reason)).toEqual([
      'it needs backtracking for look-around, such as (?=...) or (?<!...)',
    ])
  })

  test('a format that takes too long counts as not fitting', async () => {
    const catalog = await build(
      aliasDocument('endless', ['(?!b)((a+)+)+ {{x}}']),
      aliasDocument('all', ['{{anything}}']),
    )
    expect(await meaning(catalog, 'a'.repeat(60))).toMatchObject({ alias: 'all' })
  }, 20_000)
})

describe('hostile texts against 500 aliases', async () => {
  const catalog = await build(
    ...Array.from({ length: 500 }, (_, at) =>
      aliasDocument(`alias${at}`, [
        [`run {{a}} on {{b}} ${at}`, `cmd${at} {{a}} {{b}} {{c}} {{d}} {{e}}`, `.* x${at} {{a}}`][
          at % 3
        ],
      ])),
  )

  test.each([
    ['17 pairs', 'run x on y' + ' key="value"'.repeat(17) + ' ='],
    ['hundreds of pairs', 'run x on y' + ' a="b"'.repeat(1300) + ' ='],
    ['terraform', 'run terraform on ci1' + ' -var="a=b"'.repeat(16) + ' plan'],
    ['blanks', 'run' + ' '.repeat(8000) + 'x ='],
    ['logfmt', 'run ' + 'level=info msg="a b c" caller=x.go:1 '.repeat(200) + 'end'],
    ['HTML', '<a href="x" class=\'y\' data-z="{q}">'.repeat(200) + ' ='],
    ['words', 'cmd4 ' + 'word '.repeat(1600)],
    ['quotes', '"'.repeat(8000)],
    ['braces', 'run x on y' + ' a={}'.repeat(1600) + ' ='],
    ['a word of every format', 'run on ' + 'on run '.repeat(1100)],
  ])('%s', async (_, text) => {
    const started = performance.now()
    expect((await catalog.resolve(text)).kind).toBeOneOf(['none', 'match', 'ambiguous'])
    // The incumbent needs seconds to minutes; this bound is generous for a busy host.
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('formats that are hard to read', () => {
  test.each([
    ['nested groups', '(?:'.repeat(400) + 'a {{x}}' + ')?'.repeat(400)],
    ['open braces', '{{a='.repeat(1000)],
    ['repeats of repeats', '(?:a{1,1000}){1,1000} {{x}}'],
    ['stars', '(a*)*'.repeat(300) + ' {{x}}'],
    ['alternatives', `(${Array.from({ length: 700 }, (_, at) => at).join('|')}) {{x}}`],
  ])('end nothing and hold up nothing: %s', async (_, format) => {
    const catalog = await build(
      aliasDocument('hard', [format]),
      aliasDocument('easy', ['hi {{x}}']),
    )
    expect(await meaning(catalog, 'hi you')).toMatchObject({ alias: 'easy' })
    expect((await catalog.resolve('a'.repeat(8000))).kind).toBeOneOf(['none', 'match'])
  }, 30_000)
})

test('a catalog of 10,000 formats is built in slices', async () => {
  let pauses = 0
  const documents = Array.from(
    { length: 10_000 },
    (_, at) => aliasDocument(`alias${at}`, [`do thing${at} {{a}} with {{b=1}}`]),
  )
  const catalog = await buildCatalog(documents, {
    pause: () => {
      pauses++
      return Promise.resolve()
    },
  })
  // Five hundred of them are a millisecond or two.
  expect(pauses).toBeGreaterThanOrEqual(20)
  expect(await meaning(catalog, 'Do THING777 x with')).toMatchObject({
    alias: 'alias777',
    command: 'do thing777 x with',
  })
}, 30_000)
