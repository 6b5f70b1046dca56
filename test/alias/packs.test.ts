import { afterAll, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readPacks } from '../../src/alias/packs.ts'

const root = mkdtempSync(join(tmpdir(), 'st2chatops-packs-'))
afterAll(() => rmSync(root, { recursive: true }))

const write = (path: string, text: string) => {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

write('many/one/pack.yaml', 'ref: first\nname: The First\n')
write('many/one/aliases/b.yaml', 'name: b\naction_ref: core.local\nformats: ["b {{x}}"]\n')
write('many/one/aliases/a.yml', 'name: a\nformats: [a]\nenabled: false\npack: other\n')
write('many/one/aliases/readme.txt', 'not an alias')
write('many/two/aliases/c.json', '{"name": "c", "formats": ["c"]}')
write('many/three/pack.yaml', 'name: third\n')
const broken = write('many/three/aliases/broken.yaml', 'name: x\nformats: [\n  "a"\nack: 1\n')
const list = write('many/three/aliases/list.yaml', '- a\n')

describe('readPacks', () => {
  test('gives documents as StackStorm’s list of aliases does', async () => {
    const { aliases } = await readPacks(join(root, 'many'))
    expect(aliases).toMatchObject([
      { name: 'b', pack: 'first', ref: 'first.b', uid: 'action_alias:first:b', enabled: true },
      { name: 'a', pack: 'other', ref: 'other.a', enabled: false, metadata_file: 'aliases/a.yml' },
      { name: 'c', pack: 'two', ref: 'two.c', ack: {}, result: {}, extra: {} },
    ])
  })

  test('names the files it cannot read, with the line', async () => {
    const { problems } = await readPacks(join(root, 'many'))
    expect(problems.map(({ file, line }) => [file, line])).toEqual([[broken, 4], [list, 1]])
  })

  test('reads a folder that is a pack itself', async () => {
    const { files } = await readPacks(join(root, 'many/one'))
    expect(files.map(({ file }) => file)).toEqual([
      join(root, 'many/one/aliases/b.yaml'),
      join(root, 'many/one/aliases/a.yml'),
    ])
  })

  test('an empty pack is no error, a missing folder is', async () => {
    write('empty/pack.yaml', 'name: empty\n')
    expect(await readPacks(join(root, 'empty'))).toEqual({ aliases: [], files: [], problems: [] })
    expect(readPacks(join(root, 'nowhere'))).rejects.toThrow(`Cannot read the packs folder ${root}`)
  })

  test('waits for no named pipe, and speaks of documents rather than of a library', async () => {
    const pipe = join(root, 'odd/one/aliases/pipe.yaml')
    write('odd/one/aliases/two.yaml', 'name: a\n---\nname: b\n')
    expect(Bun.spawnSync(['mkfifo', pipe]).success).toBe(true)
    const { problems } = await readPacks(join(root, 'odd'))
    expect(problems.map(({ reason }) => reason)).toEqual([
      'It is not a file that can be read.',
      'It holds more than one YAML document: write each alias into a file of its own.',
    ])
  })
})
