import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makePrivate, openFile } from '../../src/delivery/journal-file.ts'
import { readText } from '../../src/delivery/journal-rows.ts'

let folder = ''
const umask = process.umask()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-file-'))
  process.umask(0)
})
afterEach(() => {
  process.umask(umask)
  rmSync(folder, { recursive: true })
})

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

test('a new file is for its owner alone from its first moment, whatever the umask', () => {
  const path = join(folder, 'journal.sqlite')
  makePrivate(path)
  expect(modeOf(path)).toBe('600')
  const { database } = openFile(path, 0)
  // Its companions come when it is used.
  readText(database, 'name')
  const all = ['', '-wal', '-shm'].map((suffix) => modeOf(path + suffix))
  database.close()
  expect(all).toEqual(['600', '600', '600'])
})

test('what is there keeps its text and loses its other readers', () => {
  const path = join(folder, 'old')
  writeFileSync(path, 'text', { mode: 0o644 })
  makePrivate(path)
  expect([modeOf(path), readFileSync(path, 'utf8')]).toEqual(['600', 'text'])
})
