import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const dash = '/usr/bin/dash'

/** What dash made of one file: the environment of a program that it would start, or nothing when it failed. */
export type DashAnswer = Readonly<Record<string, string>> | undefined

/** Whether the shell that the env file's reader is measured against is on this machine. */
export const haveDash: boolean = (() => {
  try {
    return Bun.spawnSync([dash, '-c', ':']).success
  } catch {
    return false
  }
})()

/**
 * Lets dash source each file in a sub-shell of its own and tells what a program would see. One process for all.
 * A file at which dash complains counts as failed, also where it goes on after the complaint.
 */
export const askDash = (
  files: readonly string[],
  environment: Readonly<Record<string, string>>,
): readonly DashAnswer[] => {
  const folder = mkdtempSync(join(tmpdir(), 'st2chatops-dash-'))
  try {
    files.forEach((text, index) => writeFileSync(join(folder, `${index}.env`), text))
    // No command can be found, so that nothing happens should a file name one.
    const script = `file_number=0
      while [ $file_number -lt ${files.length} ]; do
        (. ./$file_number.env && exec /usr/bin/env -0) >./$file_number.out 2>./$file_number.err </dev/null || echo failed >>./$file_number.err
        file_number=$((file_number+1))
      done`
    Bun.spawnSync([dash, '-c', script], {
      cwd: folder,
      env: { ...environment, PATH: '/nonexistent' },
    })
    const there = new Set(readdirSync(folder))
    return files.map((_, index) => {
      if (!there.has(`${index}.out`)) return undefined
      if (readFileSync(join(folder, `${index}.err`), 'utf8') !== '') return undefined
      const entries = readFileSync(join(folder, `${index}.out`), 'utf8').split('\0').filter(Boolean)
      return Object.fromEntries(
        entries.map((entry) => {
          const at = entry.indexOf('=')
          return [entry.slice(0, at), entry.slice(at + 1)]
        }),
      )
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
