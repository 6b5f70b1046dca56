import { expect, test } from 'bun:test'
import { createAliasPages } from '../../src/bot/alias-pages.ts'
import { aliasDocument } from '../fakes/stackstorm.ts'

const page = (...names: readonly string[]): string =>
  JSON.stringify(names.map((name) => aliasDocument(name, [`${name} {{x}}`])))

test('a page that has not changed gives the same aliases, any other gives new ones', () => {
  const told: number[] = []
  const begin = createAliasPages((aliases) => void told.push(aliases))
  const first = begin()
  const [a, b] = first.read(page('a', 'b')) ?? []
  const [c] = first.read(page('c')) ?? []
  expect(a).toMatchObject({ name: 'a', ref: 'examples.a' })
  first.keep()
  const second = begin()
  const again = second.read(page('a', 'b')) ?? []
  expect(again[0]).toBe(a)
  expect(again[1]).toBe(b)
  const changed = second.read(page('c', 'd')) ?? []
  expect(changed).toHaveLength(2)
  expect(changed[0]).not.toBe(c)
  second.keep()
  // What was not read again was no work.
  expect(told).toEqual([3, 2])
})

test('a reading that was not whole changes nothing', () => {
  const begin = createAliasPages(() => {})
  const first = begin()
  const [a] = first.read(page('a')) ?? []
  first.keep()
  begin().read(page('b'))
  expect(begin().read(page('a'))?.[0]).toBe(a)
})

test.each(['', '{}', '[{'])('%j is no page', (text) => {
  expect(createAliasPages(() => {})().read(text)).toBeUndefined()
})
