import { expect, test } from 'bun:test'
import { buildCatalog } from '../../src/alias/catalog.ts'
import { suggest } from '../../src/alias/suggest.ts'
import { aliasDocument } from './documents.ts'

const catalog = await buildCatalog([
  aliasDocument('run', ['run {{cmd}} on {{hosts}}']),
  aliasDocument('install', [
    { display: 'pack install <packs>', representation: ['pack install {{packs}}', 'packs {{x}}'] },
  ]),
  aliasDocument('show', ['pack show {{pack}}']),
  aliasDocument('search', ['pack search {{query}}']),
  aliasDocument('deploy', ['deploy {{app}} to {{where}}']),
  aliasDocument('all', ['{{anything}} please']),
])

const displays = async (text: string, count?: number) =>
  (await suggest(catalog, text, count)).map(({ display }) => display)

test.each([
  ['rnu date on x', 'run {{cmd}} on {{hosts}}'],
  ['run date at x', 'run {{cmd}} on {{hosts}}'],
  ['pakc install x', 'pack install <packs>'],
  ['pack instal x', 'pack install <packs>'],
  ['install', 'pack install <packs>'],
  ['DEPLOY', 'deploy {{app}} to {{where}}'],
  ['depoly web prod', 'deploy {{app}} to {{where}}'],
])('%s is nearest to %s', async (text, display) => {
  expect((await displays(text))[0]).toBe(display)
})

test('gives at most three, each display text once', async () => {
  expect(await displays('pack')).toHaveLength(3)
  expect(new Set(await displays('pack')).size).toBe(3)
  expect(await displays('pack', 1)).toHaveLength(1)
})

test.each(['', '   ', 'zzzz qqqq', '😀', '='.repeat(8000)])('%j has nothing near', async (text) => {
  expect(await displays(text)).toEqual([])
})

test('finds the one command that was meant among hundreds whose words are all shared', async () => {
  const verbs = ['list', 'show', 'create', 'delete', 'restart', 'deploy', 'check', 'update']
  const nouns = ['instance', 'service', 'volume', 'network', 'user', 'ticket', 'backup', 'queue']
  const many = await buildCatalog(
    Array.from(
      { length: 12 },
      (_, pack) =>
        verbs.flatMap((verb) =>
          nouns.map((noun) =>
            aliasDocument(`${verb}_${noun}_${pack}`, [
              `pack${pack} ${verb} ${noun} {{x}} on {{y=1}}`,
            ])
          )
        ),
    ).flat(),
  )
  const [first] = await suggest(many, 'pack7 updaet quueu web1 on db1')
  expect(first?.display).toBe('pack7 update queue {{x}} on {{y=1}}')
})
