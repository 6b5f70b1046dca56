import { accessSync, constants } from 'node:fs'
import type { ProcessEnvironment } from '../config/process.ts'
import type { Settings } from '../config/settings.ts'

/** Where packages and administrators expect a service's state. */
export const usualStateFolder = '/var/lib/st2chatops'

/** The folder that systemd made for the service (StateDirectory=), or the one that is configured. */
export const namedStateFolder = (
  settings: Pick<Settings, 'core'>,
  environment: ProcessEnvironment,
): string | undefined =>
  // systemd separates several folders by colons.
  environment.STATE_DIRECTORY?.split(':')[0] || settings.core.ST2CHATOPS_STATE_DIR

/**
 * The folder of the journal: the one that is named, or the usual one where this user may write; undefined when there is
 * none.
 */
export const stateFolderOf = (
  settings: Pick<Settings, 'core'>,
  environment: ProcessEnvironment,
): string | undefined => {
  const named = namedStateFolder(settings, environment)
  if (named !== undefined) return named
  return whyNot(usualStateFolder, constants.W_OK) === undefined ? usualStateFolder : undefined
}

/** Why this user may not do that with a file or folder: the code of the system's error, such as `EACCES` or `ENOENT`. */
export const whyNot = (path: string, wanted: number): string | undefined => {
  try {
    accessSync(path, wanted)
    return undefined
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}
