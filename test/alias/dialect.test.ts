import { describe, expect, test } from 'bun:test'
import { createDialect } from '../../src/alias/dialect.ts'

const dialect = createDialect()

const read = async (format: string, command: string) => {
  const parsed = await dialect.parse(format, command)
  return 'parameters' in parsed ? { ...parsed.parameters } : `${parsed.kind}: ${parsed.error}`
}

const noFit = (format: string, command: string) =>
  `mismatch: Command "${command}" doesn't match format string "${format}"`

describe('the server reads', () => {
  test.each<[string, string, Record<string, string | null>]>([
    ['run {{cmd}} on {{hosts}}', 'run date on a on b', { cmd: 'date', hosts: 'a on b' }],
    ['run {{cmd}} on {{hosts}}', 'run "a on b" on c', { cmd: 'a on b', hosts: 'c' }],
    ["say '{{x}}'", "say 'it's'", { x: "it's" }],
    ['say "{{x}}" to {{y}}', 'say "a" b" to c', { x: 'a" b', y: 'c' }],
    ['go {{a=1}} {{b="x y"}}', 'go', { a: '1', b: 'x y' }],
    ['go {{a={"k": "v"}}} now', 'go now', { a: '{"k": "v"}' }],
    ['go {{a}}', 'go x a=2 b=3', { a: '2', b: '3' }],
    ['go {{__proto__}}', 'go x constructor=1', { ['__proto__']: 'x', constructor: '1' }],
    ['{{a}}', '', { a: ' ' }],
    ['v{{a}}', 'v', { a: ' ' }],
    ['(show {{a}}|list {{b}})', 'list x', { a: null, b: 'x' }],
    ['hello|goodbye {{name}}', 'hello there goodbye x', { name: null }],
    ['foo.bar {{x}}', 'fooxbar 1', { x: '1' }],
    ['what? {{x}}', 'wha 1', { x: '1' }],
    ['\\w+ go {{x}}', 'straße go ٣', { x: '٣' }],
    ['(?P<n>\\d+) apples', '٣ apples', { n: '٣' }],
    ['(?i:GO) {{x}}', 'gO y', { x: 'y' }],
    ['^\\s*go {{x}}\\s*$', ' go y ', { x: 'y' }],
    ['天気 {{city=東京}}', '天気', { city: '東京' }],
    ['go {{x}}', 'go 😀 "q" 😀', { x: '😀 "q" 😀' }],
    ['go {{x}}', 'go {a} {b}', { x: '{a} {b}' }],
    ['', '', {}],
    ['', 'k=v', { k: 'v' }],
  ])('%j and %j', async (format, command, parameters) => {
    expect(await read(format, command)).toEqual(parameters)
  })

  test.each([
    ['run {{x}}', 'Run y'],
    ['run {{x}}', 'run\ty'],
    ['^foo$', 'foo'],
    ['pack install {{ packs }}', 'pack install slack,jira=0.1.0'],
    ['a\tb', 'a b'],
  ])('no command for %j in %j', async (format, command) => {
    expect(await read(format, command)).toBe(noFit(format, command))
  })

  test('a command without any value, with the server’s words', async () => {
    expect(await read("{{a=''}}", '')).toBe(
      'mismatch: No value supplied and no default value found.',
    )
    expect(await read('go {{a=x\ny}}', 'go {{a=x\ny}}')).toBe("fault: KeyError: 'a'")
  })

  test.each([
    ['foo ( {{x}}', 'missing ), unterminated subpattern at position 4'],
    ['{{a}} {{a}}', "redefinition of group name 'a' as group 2; was group 1 at position 75"],
    ['go {{my-param}}', "bad character in group name 'my-param' at position 13"],
    ['(?i)hello {{x}}', 'global flags not at the start of the expression at position 4'],
    ['(?<=a+)b', 'look-behind requires fixed-width pattern'],
    ['a\n(', 'missing ), unterminated subpattern at position 2 (line 2, column 1)'],
  ])('the pattern error of %j', async (format, reason) => {
    expect(await read(format, 'x')).toBe(`pattern: error: ${reason}`)
  })

  test('all matches, left to right', async () => {
    const found = await dialect.parseMultiple(
      '(?:\\b|^)fixes (?P<key>[A-Z]+-[0-9]+)(?:\\b|$)',
      'fixes A-1, fixes B-2',
    )
    expect('sets' in found && found.sets.map((set) => ({ ...set }))).toEqual([
      { key: 'A-1' },
      { key: 'B-2' },
    ])
    expect(await dialect.parseMultiple('run {{x}}', 'walk')).toEqual({ sets: [] })
  })

  test('without a backtracker, a format that needs one says so', async () => {
    expect(await read('(?!stop)go {{x}}', 'go y')).toStartWith('unsupported: ')
  })
})
