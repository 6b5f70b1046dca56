import { accessSync, constants } from 'node:fs'
import type { ConfigurationFile } from './env-file.ts'
import type { Problem } from './error.ts'
import { lettingIn } from './file-access.ts'
import { namesOf } from './names.ts'
import type { Option, OptionValues } from './option.ts'
import type { coreOptions } from './options.ts'
import type { Resolved } from './resolve.ts'
import type { Evaluated } from './shell/evaluate.ts'

/** The file holds secrets and anybody on the host may read it, or anybody may change it. */
export const warnOfOpenFile = (
  file: ConfigurationFile | undefined,
  rows: readonly Resolved[],
): readonly string[] => {
  const holdsSecret = ({ option, found }: Resolved): boolean =>
    file !== undefined && (option.secret ?? false) && found?.value !== '' &&
    (found?.source.startsWith(`${file.path}:`) ?? false)
  if (file === undefined) return []
  const { path } = file
  if (file.open && rows.some(holdsSecret)) {
    return [`${path}: holds secrets and anybody on this host may read it; ${lettingIn(path)}`]
  }
  return file.changeable
    ? [
      `${path}: anybody on this host may change it, and with it what the bot does; chmod o-w ${path}`,
    ]
    : []
}

const warnOfRow = ({ option, found, under }: Resolved): readonly string[] => {
  if (found === undefined || found.source === 'default') return []
  if (option.ignored !== undefined) {
    return [`${found.source}: ${option.name} has no effect: ${option.ignored}`]
  }
  return under !== undefined && option.deprecated?.includes(under)
    ? [`${found.source}: ${under} is the old name of ${option.name}; write ${option.name}`]
    : []
}

/** What works, but not as its author may think. */
export const warnOfRows = (
  rows: readonly Resolved[],
  core: OptionValues<typeof coreOptions>,
): readonly string[] => {
  const tls = rows.find(({ option }) => option.name === 'NODE_TLS_REJECT_UNAUTHORIZED')?.found
  const value = core.NODE_TLS_REJECT_UNAUTHORIZED
  const warnings = rows.flatMap(warnOfRow)
  if (value === '0') {
    warnings.push(
      `${tls?.source}: NODE_TLS_REJECT_UNAUTHORIZED=0: StackStorm's certificate is not verified; ` +
        'anybody on the way can read the credentials. Better: NODE_EXTRA_CA_CERTS=/path/of/its.crt',
    )
  } else if (value !== '1') {
    warnings.push(
      `${tls?.source}: NODE_TLS_REJECT_UNAUTHORIZED=${value}: certificates are verified; only 0 ` +
        'switches that off',
    )
  }
  return warnings
}

/**
 * What the env file sets in vain. A program that sh starts sees only what is exported, and the bot
 * follows that.
 */
export const warnOfShell = (
  { unexported, empty }: Evaluated,
  path: string,
  rows: readonly Option[],
): readonly string[] => {
  const known = new Set(rows.flatMap(namesOf))
  return [
    ...[...unexported].filter(([name]) => known.has(name)).map(([name, { source }]) =>
      `${source}: ${name} is set but not exported, so that it has no effect; write export ${name}=...`
    ),
    // The name is not told: behind a value with blanks and no quotes it is a part of that value.
    ...[...new Set([...empty].filter(([name]) => !known.has(name)).map(([, line]) => line))].map((
      line,
    ) =>
      `${path}:${line}: export names a variable without a value; put quotes around a value that ` +
      'holds blanks'
    ),
  ]
}

/** systemd reads its file as root and hands its variables over: it need not be readable for the bot itself. */
export const warnOfSystemdFile = ({ source, what, advice }: Problem): string =>
  `${source}: ${what}; what it sets counts only where systemd starts the bot. Should this program read it too, ${advice}`

/** Bun, like Node, goes on without a certificate file that it cannot read; then nothing is trusted by it. */
export const warnOfCertificates = (path: string | undefined): readonly string[] => {
  if (path === undefined) return []
  try {
    accessSync(path, constants.R_OK)
    return []
  } catch {
    return [`NODE_EXTRA_CA_CERTS: ${path} cannot be read, so that its certificates are not trusted`]
  }
}
