import { expect, test } from 'bun:test'
import type { Option } from '../../src/config/option.ts'
import { createMask, masked, maskUserinfo, maskValue } from '../../src/config/redact.ts'
import { secretsOf } from '../../src/config/secret-values.ts'

const row = (more: Partial<Option>): Option => ({ name: 'X', type: 'string', help: '', ...more })

test('each secret is masked wherever it stands, the longest first', () => {
  const mask = createMask(['abcd', 'abcdef', 'a.c$', ''])
  expect(mask('x abcdef abcd a.c$ abc')).toBe(`x ${masked} ${masked} ${masked} abc`)
})

test('passwords in addresses are masked without being known', () => {
  const mask = createMask([])
  expect(mask('to http://bob:s3:c@ret@proxy:3128/x?a=b and https://h/p')).toBe(
    `to http://${masked}@proxy:3128/x?a=b and https://h/p`,
  )
  expect(mask('by http://TOKEN@proxy')).toBe(`by http://${masked}@proxy`)
  expect(maskUserinfo('mail bob@example.com at 12:30')).toBe('mail bob@example.com at 12:30')
})

test('a long text without a secret comes back as it is', () => {
  const text = 'a:b@c/'.repeat(50_000) + 'x'.repeat(300_000)
  expect(createMask(['secret1', 'secret2'])(text)).toBe(text)
})

test('values are shown without their secret part', () => {
  expect(maskValue(row({ secret: true }), 'x')).toBe(masked)
  expect(maskValue(row({ secretPart: 'userinfo' }), 'u:p@h:1')).toBe(`${masked}@h:1`)
  for (
    const userinfo of [
      "u:it's",
      'u:pw<x>cret',
      'u:a#b',
      'u:a/b',
      'u:a?b',
      'u:a b',
      'TOKEN',
      'u:a@b',
      'u:a://b',
    ]
  ) {
    expect(maskValue(row({ secretPart: 'userinfo' }), `http://${userinfo}@h:1`)).toBe(
      `http://${masked}@h:1`,
    )
  }
  expect(maskValue(row({ secretPart: 'userinfo' }), 'u:a//b@h:1')).toBe(`${masked}@h:1`)
  expect(maskValue(row({ secretPart: 'userinfo' }), 'http://h:1')).toBe('http://h:1')
  expect(maskValue(row({ secretPart: 'after-blank' }), '#ops, #dev key')).toBe(
    `#ops,#dev ${masked}`,
  )
  expect(maskValue(row({ secretPart: 'after-colon' }), 'a@muc:pw')).toBe(`a@muc:${masked}`)
})

test('a secret is known as written, decoded and as in a URL; short ones are left alone', () => {
  expect(new Set(secretsOf(row({ secretPart: 'userinfo' }), 'http://u:p%40ss@h'))).toEqual(
    new Set(['p%40ss', 'p@ss']),
  )
  expect(secretsOf(row({ secretPart: 'userinfo' }), 'u:passw@h')).toContain('passw')
  expect(secretsOf(row({ secretPart: 'userinfo' }), 'http://u:pw#x@y/z@h:1')).toContain('pw#x@y/z')
  expect(new Set(secretsOf(row({ secret: true }), 'a/b c'))).toEqual(
    new Set(['a/b c', 'a%2Fb%20c']),
  )
  expect(secretsOf(row({ secret: true }), 'abc')).toEqual([])
  expect(new Set(secretsOf(row({ secretPart: 'after-blank' }), '#a, #b keyword'))).toEqual(
    new Set(['keyword']),
  )
  expect(secretsOf(row({}), 'nothing secret')).toEqual([])
})
