import { expect, test } from 'bun:test'
import { createPeople } from '../../../adapters/irc/people.ts'

test('whoever talked is found under the nick that they have now', () => {
  const people = createPeople()
  people.spoke('al', 'alice')
  people.renamed('AL', 'al2')
  people.renamed('al2', 'al3')
  expect(['alice', 'al', 'al2', 'al3'].map(people.nickOf)).toEqual(['al3', 'al3', 'al3', 'al3'])
})

test('whoever never talked is nobody to follow', () => {
  const people = createPeople()
  people.renamed('bob', 'bob2')
  expect(people.nickOf('bob')).toBe('bob')
})

test('a nick that somebody else has now is theirs', () => {
  const people = createPeople()
  people.spoke('al', 'alice')
  people.renamed('al', 'al2')
  people.spoke('al', undefined)
  expect(people.nickOf('al')).toBe('al')
  expect(people.nickOf('alice')).toBe('al2')
  people.spoke('bob', undefined)
  people.renamed('bob', 'al')
  expect(people.nickOf('al')).toBe('al')
})

test('whoever has left is forgotten', () => {
  const people = createPeople()
  people.spoke('al', 'alice')
  people.renamed('al', 'al2')
  people.left('al2')
  expect(['alice', 'al'].map(people.nickOf)).toEqual(['alice', 'al'])
})

test('a name is compared as the network does', () => {
  const people = createPeople()
  people.forget('ascii')
  people.spoke('a[1]', undefined)
  people.renamed('a{1}', 'thief')
  expect(people.nickOf('a[1]')).toBe('a[1]')
})
