import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { ConfigurationError } from './error.ts'
import { lettingIn } from './file-access.ts'

/** Where the env file lies when nobody names one: the old package's place, then ours. */
export const defaultEnvFiles: readonly string[] = [
  '/opt/stackstorm/chatops/st2chatops.env',
  '/etc/st2chatops/st2chatops.env',
]

/** Where an env file was looked for and none was, in words; nothing was looked for where there are no places. */
export const noEnvFile = (places: readonly string[]): string =>
  places.length === 0 ? 'no env file' : `no env file at ${places.join(' or ')}`

/** The systemd EnvironmentFile of the service: Debian's place and Red Hat's. */
export const systemdFiles: readonly string[] = [
  '/etc/default/st2chatops',
  '/etc/sysconfig/st2chatops',
]

/** A file's text and who may read it. */
export type ConfigurationFile = {
  readonly path: string
  readonly text: string
  /** Anybody on the host may read it. */
  readonly open: boolean
  /** Anybody on the host may change it. */
  readonly changeable: boolean
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')

const refuse = (path: string, error: unknown): never => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const uid = process.getuid?.() ?? '?'
  const what = code === 'EACCES'
    ? `may not be read by this process (uid ${uid})`
    : code === 'EISDIR'
    ? 'is a folder, not a file'
    : `cannot be read (${code || String(error)})`
  const advice = code === 'EISDIR'
    ? 'name the file itself'
    : `let the user that the bot runs as read it: ${lettingIn(path)}`
  throw new ConfigurationError([{ source: path, what, advice }], { cause: error })
}

/** A configuration is a few kB; a device that never ends is none. */
const largest = 1024 * 1024

/**
 * All bytes of a file, pipe or device, and its mode. Throws ConfigurationError beyond `largest` bytes. Nothing else is under way
 * while the configuration is read: to wait beside the event loop for each file in turn would only take longer.
 */
const readBytes = (path: string): { readonly bytes: Uint8Array; readonly mode: number } => {
  const file = openSync(path, 'r')
  try {
    const { mode } = fstatSync(file)
    const bytes = new Uint8Array(largest + 1)
    let length = 0
    while (length <= largest) {
      const bytesRead = readSync(file, bytes, length, bytes.length - length, null)
      if (bytesRead === 0) return { bytes: bytes.subarray(0, length), mode }
      length += bytesRead
    }
  } finally {
    closeSync(file)
  }
  throw new ConfigurationError([{
    source: path,
    what: 'is longer than 1 MiB',
    advice: 'name the file of the configuration itself',
  }])
}

/** A file that may be missing. Throws ConfigurationError when it is there but cannot be read as UTF-8. */
export const readIfThere = async (path: string): Promise<ConfigurationFile | undefined> => {
  let bytes: Uint8Array
  let mode: number
  try {
    ;({ bytes, mode } = readBytes(path))
  } catch (error) {
    if (error instanceof ConfigurationError) throw error
    return isMissing(error) ? undefined : refuse(path, error)
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return { path, text, open: (mode & 0o004) !== 0, changeable: (mode & 0o002) !== 0 }
  } catch (error) {
    const what = 'is not UTF-8'
    const advice = 'save it as UTF-8, as `iconv -f latin1 -t utf-8` does'
    throw new ConfigurationError([{ source: path, what, advice }], { cause: error })
  }
}

/** A file that somebody named: it must be there. A relative name counts from where the person stands. */
export const readNamed = async (name: string, by: string): Promise<ConfigurationFile> => {
  const path = isAbsolute(name) ? name : resolve(name)
  const file = await readIfThere(path)
  if (file !== undefined) return file
  const what = `names a file that does not exist: ${path}`
  const advice = 'correct the name, or leave it out to use the default places'
  throw new ConfigurationError([{ name: by, what, advice }])
}

/** The first of the files that is there. */
export const readFirst = async (
  paths: readonly string[],
): Promise<ConfigurationFile | undefined> => {
  for (const path of paths) {
    const file = await readIfThere(path)
    if (file !== undefined) return file
  }
  return undefined
}
