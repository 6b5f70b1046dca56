import type { ConfigurationFile } from './env-file.ts'
import type { OptionValues } from './option.ts'
import type { coreOptions } from './options.ts'
import type { Resolved } from './resolve.ts'

/** The file holds secrets and anybody on the host may read it. */
export const warnOfOpenFile = (
  file: ConfigurationFile | undefined,
  rows: readonly Resolved[],
): readonly string[] => {
  const holdsSecret = ({ option, found }: Resolved): boolean =>
    file !== undefined && (option.secret ?? false) && found?.value !== '' &&
    (found?.source.startsWith(`${file.path}:`) ?? false)
  return file?.open && rows.some(holdsSecret)
    ? [`${file.path}: holds secrets and anybody on this host may read it; chmod 640 ${file.path}`]
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
