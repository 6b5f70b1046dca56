import { expect, test } from 'bun:test'
import { createCommandIndexer } from '../../src/alias/command-index.ts'
import { textWords } from '../../src/alias/text-words.ts'
import { noWords, plainWords } from '../../src/alias/words.ts'

const indexOf = async (formats: readonly string[]) => {
  const indexer = createCommandIndexer()
  const wordsOf = (at: number) => plainWords(formats[at] ?? '') ?? noWords
  formats.forEach((_, at) => indexer.add(at, wordsOf(at).leading.join(' ')))
  const asked: number[] = []
  const index = await indexer.index((at) => {
    asked.push(at)
    return wordsOf(at)
  }, () => Promise.resolve())
  return { asked, fitting: (text: string) => index.fitting(textWords(text)) }
}

test('finds formats by all that they begin with, in their order', async () => {
  const { fitting, asked } = await indexOf([
    'pack install {{x}}',
    'pack {{anything}}',
    'pack install now {{x}}',
    'packs {{x}}',
    '{{x}} please',
    '{{all}}',
  ])
  expect(fitting('pack install now')).toEqual([0, 1, 2, 5])
  expect(fitting('Pack  show that please')).toEqual([1, 4, 5])
  expect(fitting('please pack')).toEqual([4, 5])
  expect(fitting('')).toEqual([5])
  expect(asked).toEqual([4, 5])
})

test('tells formats that begin alike by their other words, where they are many', async () => {
  const formats = Array.from({ length: 100 }, (_, at) => `run {{cmd}} on {{host}} number${at}`)
  const { fitting } = await indexOf(formats)
  expect(fitting('run date on web1 number42')).toEqual([42])
  expect(fitting('number42 run date on web1')).toEqual([])
  expect(fitting('run date')).toEqual([])
})

test('misses none that a text begins like, whatever the others are', async () => {
  const few = Array.from({ length: 8 }, () => 'run {{x}}')
  expect((await indexOf(few)).fitting('run it')).toHaveLength(8)
  expect((await indexOf([...few, ...few])).fitting('run it')).toHaveLength(16)
})

test('finds what a look at every single format finds', async () => {
  const words = ['list', 'show', 'db', 'web', 'all', 'now', 'pack', 'user']
  const word = (seed: number) => words[seed % words.length] ?? ''
  const formats = Array.from({ length: 3_000 }, (_, at) => {
    const own = [word(at), word(at * 7 + (at >> 3)), `n${at % 500}`].slice(0, 1 + at % 3)
    return `${own.join(' ')} {{x}}${at % 5 === 0 ? ' end' : ''}`
  })
  const { fitting } = await indexOf(formats)
  for (let at = 0; at < formats.length; at += 37) {
    const text = (formats[at] ?? '').replace('{{x}}', 'it')
    const given = text.split(' ')
    const expected = formats.flatMap((format, number) => {
      const { leading, later } = plainWords(format) ?? noWords
      const fits = leading.every((own, place) => given[place] === own) &&
        later.every((own) => given.includes(own, leading.length))
      return fits ? [number] : []
    })
    expect(fitting(text).filter((number) => expected.includes(number))).toEqual(expected)
    expect(fitting(text).length - expected.length).toBeLessThanOrEqual(8)
  }
})

test('a format of any number is found', async () => {
  const indexer = createCommandIndexer()
  const numbers = [0, 2 ** 21 - 1, 2 ** 21, 2 ** 21 + 1, 2 ** 31]
  for (const number of numbers) indexer.add(number, 'run')
  const index = await indexer.index(
    () => ({ leading: ['run'], later: [] }),
    () => Promise.resolve(),
  )
  expect(index.fitting(textWords('run it'))).toEqual(numbers)
})

test('two beginnings of a text that have the same key give a format once', async () => {
  const text = 'depl 4fb,4qw'
  expect(Bun.hash.xxHash32('depl')).toBe(Bun.hash.xxHash32(text))
  expect((await indexOf(['depl {{x}}', 'deployed {{as}} such'])).fitting(text)).toEqual([0])
})
