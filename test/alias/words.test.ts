import { expect, test } from 'bun:test'
import { leadingText, plainWords } from '../../src/alias/words.ts'

test.each([
  ['pack install {{packs}}', 'pack install'],
  ['Run {{cmd}} on {{hosts=all of them}}', 'run'],
  ['scale to={{n}}', 'scale'],
  ['{{anything}} please', ''],
  ['status', 'status'],
  ['a - b, "c" ', 'a - b, "c"'],
])('%s begins with %j', (format, leading) => {
  expect(leadingText(format)).toBe(leading)
})

test.each([
  ['an expression', 'go( to)? {{x}}'],
  ['a name twice', 'copy {{a}} {{a}}'],
  ['a name twice, but for letter case', 'copy {{a}} {{ A=1 }}'],
  ['placeholders that touch', 'odd {{a}}{{b}}'],
  ['what may vanish between a word and its end', 'on {{host=web}}.example'],
  ['two blanks', 'two  blanks {{x}}'],
  ['no value behind "="', 'x {{a= }}'],
  ['a placeholder without an end', 'x {{a'],
  ['letters that may be written in other ways', 'say `{{a}}`'],
  ['a great length', `${'x '.repeat(250)}{{a}}`],
])('%s is for a closer look', (_, format) => {
  expect(leadingText(format)).toBeUndefined()
})

test('says of any format what the closer look says, or nothing', () => {
  const pieces = [
    ...['a', 'Run', ' ', ' ', '  ', '.', '(', '`', "'", '=', '\u00a0', '\n', 'é', '{{', '}}'],
    ...['{{x}}', '{{X}}', '{{y=1}}', '{{ z }}', '{{y = }}', '{{w=a b}}', '{{q=\r}}'],
  ]
  let seed = 1
  const random = (below: number): number => {
    seed = seed * 48_271 % 2_147_483_647
    return seed % below
  }
  let told = 0
  for (let round = 0; round < 50_000; round++) {
    const format = Array.from({ length: 1 + random(9) }, () => pieces[random(pieces.length)]).join(
      '',
    )
    const leading = leadingText(format)
    if (leading === undefined) continue
    told++
    expect(plainWords(format)?.leading.join(' ')).toBe(leading)
  }
  expect(told).toBeGreaterThan(1_000)
})
