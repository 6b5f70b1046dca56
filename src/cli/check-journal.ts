import { constants } from 'node:fs'
import { dirname } from 'node:path'
import type { ProcessEnvironment } from '../config/process.ts'
import type { Settings } from '../config/settings.ts'
import { type Finding, ok, warn } from './check-finding.ts'
import { namedStateFolder, usualStateFolder, whyNot } from './state-folder.ts'

const bestEffort = 'results are delivered by best effort, and a restart forgets those under way'

/** Whether the bot can keep its journal; it works without one too, so that this is never a failure. */
export const checkJournal = (
  settings: Pick<Settings, 'core'>,
  environment: ProcessEnvironment,
  usual = usualStateFolder,
): Finding => {
  const named = namedStateFolder(settings, environment)
  const folder = named ?? usual
  const why = whyNot(folder, constants.W_OK)
  if (why === undefined) return ok('journal', `${folder} can be written`)
  // One that is named is made at the start; the usual one is systemd's or an administrator's.
  if (why === 'ENOENT' && named !== undefined && canBeMade(folder)) {
    return ok('journal', `${folder} is made when the bot starts`)
  }
  if (why === 'ENOENT') {
    return warn(
      'journal',
      `there is no folder ${folder}: without one ${bestEffort}`,
      'the unit file of the service makes it; elsewhere create it for the user of the bot, or set ST2CHATOPS_STATE_DIR',
    )
  }
  return warn(
    'journal',
    `this user may not write to ${folder} (${why}): run by it, ${bestEffort}`,
    'run check as the user of the bot, as "runuser -u st2chatops -- st2chatops check" does; if it is that user, give it the folder',
  )
}

const canBeMade = (folder: string): boolean => {
  const parent = dirname(folder)
  const why = whyNot(parent, constants.W_OK)
  return why === undefined || (why === 'ENOENT' && parent !== folder && canBeMade(parent))
}
