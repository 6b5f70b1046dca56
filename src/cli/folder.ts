import { statSync } from 'node:fs'

/** Whether there is a folder at `path`. */
export const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** What a person is told whose `--packs` names something else. */
export const noFolder = (path: string): string =>
  `${path} is no folder. Name a folder of packs, or one pack.`
