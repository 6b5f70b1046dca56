import { expect, test } from 'bun:test'
import { fingerprint } from '../../src/delivery/fingerprint.ts'

const one = { channel: 'ops', extra: { slack: { color: 'red', list: [1, { b: 2, a: null }] } } }

test('is the same whatever the order of the keys, and whether an empty field is null or left out', () => {
  const same = {
    user: undefined,
    extra: { slack: { list: [1, { b: 2 }], color: 'red' }, irc: null },
    channel: 'ops',
  }
  expect(fingerprint(same)).toBe(fingerprint(one))
  expect(fingerprint(one)).toMatch(/^[\w-]{22}$/)
})

test.each([
  ['another text', { ...one, channel: 'dev' }],
  ['another order of a list', { ...one, extra: { slack: { color: 'red', list: [{ b: 2 }, 1] } } }],
  ['a null in a list', { ...one, extra: { slack: { color: 'red', list: [1, { b: 2 }, null] } } }],
  ['a number for a text', { ...one, channel: 1 }],
  ['one key more', JSON.parse('{"channel":"ops","__proto__":{"a":1}}')],
])('is another one for %s', (_, other) => {
  expect(fingerprint(other)).not.toBe(fingerprint(one))
  expect(fingerprint(other)).not.toBe(fingerprint({ channel: 'ops' }))
})
