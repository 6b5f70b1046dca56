import { expect, test } from 'bun:test'
import type { Source } from '../../../adapters/irc/line.ts'
import { createPeople } from '../../../adapters/irc/people.ts'

const from = (nick: string, user = nick, host = 'home'): Source => ({ nick, user, host })
const mallory = (nick: string): Source => from(nick, 'mallory', 'evil')

test('whoever was seen is found under the nick that they have now, by each that they had', () => {
  const people = createPeople()
  people.spoke(from('al'), 'alice')
  people.renamed(from('AL', 'al'), 'al2')
  people.renamed(from('al2', 'al'), 'al3')
  expect(['al!al@home', 'AL2!al@home', 'al3!al@home'].map(people.nickOf))
    .toEqual(['al3', 'al3', 'al3'])
  expect(people.ofAccount('ALICE', 'nobody')?.nick).toBe('al3')
})

test('whoever was not seen has the nick that they had', () => {
  const people = createPeople()
  people.renamed(from('bob'), 'bob2')
  expect(people.nickOf('carol!carol@home')).toBe('carol')
  expect(people.nickOf('bob!bob@home')).toBe('bob2')
  expect(people.ofAccount('carol', 'nobody')).toBeUndefined()
})

test('a nick that somebody has had for a moment leads nobody to them', () => {
  const people = createPeople()
  people.spoke(mallory('mallory'), undefined)
  people.renamed(mallory('mallory'), 'dave')
  people.renamed(mallory('dave'), 'mallory')
  people.seen(from('dave'))
  expect(people.nickOf('dave!dave@home')).toBe('dave')
})

const takeovers: readonly (readonly [string, (people: ReturnType<typeof createPeople>) => void])[] =
  [
    ['came', (people) => people.seen(mallory('bob'))],
    ['talked', (people) => people.spoke(mallory('bob'), undefined)],
    ['took it', (people) => people.renamed(mallory('mallory'), 'bob')],
  ]

test.each(takeovers)('who had the nick before somebody else %s is not there', (_, takeOver) => {
  const people = createPeople()
  people.spoke(from('bob'), undefined)
  takeOver(people)
  expect(people.nickOf('bob!bob@home')).toBeUndefined()
  const unknown = createPeople()
  takeOver(unknown)
  expect(unknown.nickOf('bob!bob@home')).toBeUndefined()
})

test.each(takeovers)('who has another nick is there, also when somebody else %s', (_, takeOver) => {
  const people = createPeople()
  people.spoke(from('bob'), undefined)
  people.renamed(from('bob'), 'bob2')
  takeOver(people)
  expect(people.nickOf('bob!bob@home')).toBe('bob2')
  people.left(from('bob2', 'bob'))
  expect(people.nickOf('bob!bob@home')).toBeUndefined()
})

test('who has left is not there, until the very same comes back', () => {
  const people = createPeople()
  people.spoke(from('bob'), 'bobs')
  people.left(from('bob'))
  expect(people.nickOf('bob!bob@home')).toBeUndefined()
  expect(people.ofAccount('bobs', 'nobody')).toBeUndefined()
  people.seen(from('bob'))
  expect(people.nickOf('bob!bob@home')).toBe('bob')
})

test('of two who are logged in to one account, the one is meant who asked', () => {
  const people = createPeople()
  people.spoke(from('al'), 'alice')
  people.spoke(from('al-at-home'), 'alice')
  expect(people.ofAccount('alice', 'AL')?.nick).toBe('al')
  expect(people.ofAccount('alice', 'al-at-home')?.nick).toBe('al-at-home')
  people.left(from('al'))
  expect(people.ofAccount('alice', 'al')?.nick).toBe('al-at-home')
})

test('an account is nobody any more when its nick speaks without it', () => {
  const people = createPeople()
  people.spoke(from('erin'), 'account')
  people.spoke(from('erin'), undefined)
  expect(people.ofAccount('account', 'nobody')).toBeUndefined()
})

test('a name is compared as the network does', () => {
  const people = createPeople()
  people.compareBy('ascii')
  people.spoke(from('a[1]', 'a'), undefined)
  people.renamed(from('a{1}', 'thief'), 'thief')
  expect(people.nickOf('a[1]!a@home')).toBe('a[1]')
})

test('thousands who rename and leave in one piece cost a look at each', () => {
  const people = createPeople()
  const count = 20_000
  const numbers = Array.from({ length: count }, (_, number) => number)
  for (const number of numbers) people.spoke(from(`u${number}`), `account${number}`)
  for (const number of numbers) people.renamed(from(`u${number}`), `w${number}`)
  expect(people.nickOf(`u${count - 1}!u${count - 1}@home`)).toBe(`w${count - 1}`)
  for (const number of numbers) people.left(from(`w${number}`, `u${number}`))
  expect(people.ofAccount(`account${count - 1}`, 'nobody')).toBeUndefined()
})

test('whoever changes their nick all day is remembered by the last ones', () => {
  const people = createPeople()
  for (let number = 0; number < 100; number++) {
    people.renamed(from(`n${number}`, 'n'), `n${number + 1}`)
  }
  expect(people.nickOf('n95!n@home')).toBe('n100')
  expect(people.nickOf('n5!n@home')).toBe('n5')
})
