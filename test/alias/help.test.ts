import { expect, test } from 'bun:test'
import { buildCatalog } from '../../src/alias/catalog.ts'
import { helpEntries, searchHelp } from '../../src/alias/help.ts'
import { aliasDocument } from './documents.ts'

const catalog = await buildCatalog([
  aliasDocument('zip', ['zip {{file}}', {
    display: 'unzip <file>',
    representation: ['unzip {{f}}'],
  }], {
    pack: 'tools',
    description: 'Packs a File.',
  }),
  aliasDocument('hidden', [{ representation: ['secret {{x}}'] }]),
  aliasDocument('off', ['off'], { enabled: false }),
  aliasDocument('note', [{ display: 'how to ask for help' }], { pack: 'admin' }),
])

test('has one entry for each display text of an enabled alias, by pack', () => {
  expect(helpEntries(catalog).map(({ pack, display, description }) => [pack, display, description]))
    .toEqual([
      ['admin', 'how to ask for help', undefined],
      ['tools', 'zip {{file}}', 'Packs a File.'],
      ['tools', 'unzip <file>', 'Packs a File.'],
    ])
})

test.each([
  ['UNZIP', ['unzip <file>']],
  ['tools zip', ['zip {{file}}', 'unzip <file>']],
  ['file packs', ['zip {{file}}', 'unzip <file>']],
  ['admin', ['how to ask for help']],
  ['nowhere', []],
])('a search for %j', async (words, found) => {
  expect((await searchHelp(catalog, words)).map(({ display }) => display)).toEqual(found)
})

test('leaves out what cannot work, and keeps what works beside it', async () => {
  const broken = await buildCatalog([
    aliasDocument('half', ['half', 'half ( {{x}}', {
      display: 'either',
      representation: ['either (', 'either'],
    }]),
    aliasDocument('bad', ['bad ( {{x}}']),
    aliasDocument('text', [{ display: 'text', representation: 'text' }]),
    aliasDocument('half', ['twin'], { pack: 'other' }),
  ])
  expect(helpEntries(broken).map(({ display }) => display)).toEqual(['half', 'either'])
  expect(broken.usable.map(({ ref }) => ref)).toEqual(['demo.half'])
  expect(broken.problems.map(({ ref, format }) => [ref, format])).toEqual([
    ['demo.half', 'half ( {{x}}'],
    ['demo.half', 'either ('],
    ['demo.bad', 'bad ( {{x}}'],
    ['demo.text', 'text'],
    ['other.half', undefined],
  ])
})

test('a search for nothing finds all', async () => {
  expect(await searchHelp(catalog, ' ')).toEqual(helpEntries(catalog))
})

test('a search lets other work go on', async () => {
  const many = await buildCatalog(
    Array.from({ length: 5_000 }, (_, at) => aliasDocument(`a${at}`, [`do ${at} {{x}}`])),
  )
  let turns = 0
  let isOver = false
  const count = (): void => {
    turns++
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  const found = await searchHelp(many, 'do 4999')
  isOver = true
  expect(found.map(({ display }) => display)).toEqual(['do 4999 {{x}}'])
  expect(turns).toBeGreaterThan(2)
})
