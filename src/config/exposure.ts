import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
// Knows addresses and nothing else: the one thing that the configuration and the network both ask.
import { isLoopback } from '../net/address.ts'
import { chooseCredentials } from './credentials.ts'
import type { OptionValues } from './option.ts'
import type { coreOptions } from './options.ts'
import type { Resolved } from './resolve.ts'

const sourceOf = (rows: readonly Resolved[], name: string): string =>
  rows.find(({ option }) => option.name === name)?.found?.source ?? name

/** Whether a file's mode lets anybody on the host change it. */
const changeableByAll = 0o002

/** At once, as all of the configuration: the first call that does not wait brings a thread up, 2 ms of every start. */
const isChangeable = (path: string): boolean => {
  try {
    return (statSync(path).mode & changeableByAll) !== 0
  } catch {
    // Whoever needs it says that it cannot be read.
    return false
  }
}

/** The names in a folder; none where it cannot be read, which whoever needs it says. */
const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** A template runs as code in the bot: whoever may change one has the bot's credentials. */
export const warnOfTemplates = (
  folder: string | undefined,
  rows: readonly Resolved[],
): readonly string[] => {
  if (folder === undefined) return []
  const templates = namesIn(folder).filter((name) => name.endsWith('.eta'))
  const source = sourceOf(rows, 'ST2CHATOPS_TEMPLATES')
  return [folder, ...templates.map((name) => join(folder, name))].filter(isChangeable).map((path) =>
    `${source}: ST2CHATOPS_TEMPLATES: anybody on this host may change ${path}, and templates are ` +
    `code that the bot runs; chmod o-w ${path}`
  )
}

/** Somebody else's journal, or a link to another file, would wait there for the bot. */
export const warnOfStateFolder = (
  folder: string | undefined,
  rows: readonly Resolved[],
): readonly string[] =>
  folder !== undefined && isChangeable(folder)
    ? [
      `${sourceOf(rows, 'ST2CHATOPS_STATE_DIR')}: ST2CHATOPS_STATE_DIR: anybody on this host may ` +
      `put files into ${folder}, where the journal is kept; name a folder of its own`,
    ]
    : []

/** The addresses that the credentials in use are sent to. */
const receivers = (core: OptionValues<typeof coreOptions>) => {
  const credentials = chooseCredentials(core)
  if (credentials === undefined) return []
  return credentials.kind === 'password'
    ? ['ST2_API_URL', 'ST2_AUTH_URL', 'ST2_STREAM_URL'] as const
    : ['ST2_API_URL', 'ST2_STREAM_URL'] as const
}

/** Credentials that leave this host without TLS; addresses that follow from another are told with that. */
export const warnOfClearText = (
  rows: readonly Resolved[],
  core: OptionValues<typeof coreOptions>,
): readonly string[] =>
  receivers(core).flatMap((name) => {
    const address = core[name]
    if (address === undefined || !/^http:/i.test(address)) return []
    const host = new URL(address).hostname.replace(/^\[|\]$/g, '')
    if (isLoopback(host)) return []
    return [
      `${sourceOf(rows, name)}: ${name} begins with http://: anybody on the way to ${host} can ` +
      'read the credentials; write https:// if StackStorm speaks TLS there',
    ]
  })
