import { expect, test } from 'bun:test'
import type { OptionType } from '../../src/config/option.ts'
import { readValue } from '../../src/config/value.ts'

const read = (type: OptionType, text: string, more: object = {}) =>
  readValue({ name: 'X', type, help: '', ...more }, text)

test.each<[OptionType, string, unknown]>([
  ['string', ' as it is ', ' as it is '],
  ['integer', ' 12 ', 12],
  ['port', '0', 0],
  ['port', '65535', 65535],
  ['milliseconds', '1.5', 1.5],
  ['seconds', '120', 120],
  ['switch', 'FALSE', false],
  ['switch', '0', false],
  ['switch', 'No', false],
  ['switch', 'off', false],
  ['switch', '1', true],
  ['switch', 'anything', true],
  ['list', ' a, b ,,c ', ['a', 'b', 'c']],
  ['url', 'https://h:9101/api', 'https://h:9101/api'],
  ['path', '/a/b', '/a/b'],
  ['json', '{"useRtmConnect": "true"}', { useRtmConnect: 'true' }],
  [{ choice: ['MultiTenant', 'SingleTenant'] }, 'singletenant', 'SingleTenant'],
])('%j reads %j', (type, text, value) => {
  expect(read(type, text)).toEqual({ ok: true, value })
})

test.each<[OptionType, string]>([
  ['integer', '1.5'],
  ['integer', '-1'],
  ['integer', '1e3'],
  ['integer', '0x10'],
  ['port', '65536'],
  ['port', 'http'],
  ['seconds', 'two'],
  ['url', 'localhost:9101'],
  ['url', 'ftp://h'],
  ['url', 'https://'],
  ['url', 'https://https://host/api'],
  ['url', 'https:///api'],
  ['path', 'relative/path'],
  ['json', '[1]'],
  ['json', '{'],
  [{ choice: ['a'] }, 'b'],
])('%j does not read %j, and says what to write', (type, text) => {
  const result = read(type, text)
  expect(result.ok).toBe(false)
  if (!result.ok) {
    expect(result.what).toContain(JSON.stringify(text))
    expect(result.advice).toStartWith('write ')
  }
})

test('a number under the least one is refused', () => {
  expect(read('seconds', '0', { minimum: 1 })).toMatchObject({
    ok: false,
    advice: 'write a number, 1 or more',
  })
})

test('a secret does not come out through its own error', () => {
  const result = read('json', 'canary', { secret: true })
  expect(JSON.stringify(result)).not.toContain('canary')
})
