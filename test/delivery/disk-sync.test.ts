import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDiskSync } from '../../src/delivery/disk-sync.ts'

let folder = ''
beforeEach(() => folder = mkdtempSync(join(tmpdir(), 'disk-sync-')))
afterEach(() => rmSync(folder, { recursive: true }))

const fail = (error: unknown): never => {
  throw error
}

const fileOf = (name: string): string => {
  const path = join(folder, name)
  writeFileSync(path, 'written')
  return path
}

test('whoever asks before the wait has begun shares it', async () => {
  const disk = createDiskSync(fileOf('log'), fail)
  const first = disk.reached()
  expect(disk.reached()).toBe(first)
  await first
  const second = disk.reached()
  expect(second).not.toBe(first)
  await second
  disk.close()
})

test('a file that is not there is told of each time, until it is', async () => {
  const path = join(folder, 'later')
  const failures: unknown[] = []
  const disk = createDiskSync(path, (error) => failures.push(error))
  await disk.reached()
  await disk.reached()
  expect(failures).toMatchObject([{ code: 'ENOENT' }, { code: 'ENOENT' }])
  writeFileSync(path, '')
  await disk.reached()
  expect(failures).toHaveLength(2)
  disk.close()
})

test('closing leaves nobody waiting', async () => {
  const disk = createDiskSync(fileOf('log'), fail)
  const asked = [disk.reached(), disk.reached()]
  disk.close()
  await Promise.all([...asked, disk.reached()])
})
