import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Recordings of real servers and services lie outside the repository: they are too large and not ours.
 * A test that reads them says "skipped" where they are missing.
 */
const folder = join(import.meta.dir, '..', '..', 'shared', 'data')

/** Whether the recordings are on this machine: `test.skipIf(!haveRecordings)(...)`. */
export const haveRecordings: boolean = existsSync(folder)

/** One recording as text; `name` is its path inside the folder, such as `st2/sse.json`. */
export const recording = (name: string): string => readFileSync(join(folder, name), 'utf8')

/** A recording of one JSON document a line. */
export const recordedLines = <Line>(name: string): Line[] =>
  haveRecordings
    ? recording(name).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line))
    : []

/** The names of all recordings in a folder and below it; none where they are missing. */
export const recordingsIn = (path: string): readonly string[] =>
  haveRecordings
    ? readdirSync(join(folder, path), { recursive: true, encoding: 'utf8' })
      .map((name) => join(path, name)).toSorted()
    : []
