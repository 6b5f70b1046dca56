import { accessSync, constants } from 'node:fs'
import type { ProcessEnvironment } from '../config/process.ts'
import type { Settings } from '../config/settings.ts'

/** Where packages and administrators expect a service's state. */
const usual = '/var/lib/st2chatops'

/**
 * The folder of the journal: the one that systemd made for the service (StateDirectory=), the one that is configured, or the
 * usual one where this user may write; undefined when there is none.
 */
export const stateFolderOf = (
  settings: Pick<Settings, 'core'>,
  environment: ProcessEnvironment,
): string | undefined => {
  // systemd separates several folders by colons.
  const given = environment.STATE_DIRECTORY?.split(':')[0] || settings.core.ST2CHATOPS_STATE_DIR
  if (given !== undefined) return given
  try {
    accessSync(usual, constants.W_OK)
    return usual
  } catch {
    return undefined
  }
}
