import { endpointsOf } from './endpoints.ts'
import { maskUserinfo, maskValue } from './redact.ts'
import type { OptionValues } from './option.ts'
import type { coreOptions } from './options.ts'
import type { Resolved } from './resolve.ts'
import type { Shown } from './settings.ts'

const show = ({ option, found, under }: Resolved): readonly Shown[] =>
  found === undefined ? [] : [{
    name: option.name,
    value: maskValue(option, found.value),
    secret: option.secret ?? false,
    source: under === undefined ? found.source : `${found.source} (${under})`,
  }]

/** The rows in use that have a value, and the other rows that somebody has set. */
export const showRows = (
  inUse: readonly Resolved[],
  all: readonly Resolved[],
): readonly Shown[] => [
  ...inUse.flatMap(show),
  ...all.filter((row) => !inUse.includes(row) && row.found?.source !== 'default').flatMap(show),
]

/** The addresses of StackStorm that nobody has set. */
export const showInferred = (core: OptionValues<typeof coreOptions>): readonly Shown[] => {
  if (!URL.canParse(core.ST2_API_URL ?? `https://${core.ST2_HOSTNAME}`)) return []
  const { api, auth, stream, webui } = endpointsOf(core)
  const inferred = {
    ST2_API_URL: api,
    ST2_AUTH_URL: auth,
    ST2_STREAM_URL: stream,
    ST2_WEBUI_URL: webui,
  } as const
  return Object.entries(inferred)
    .filter(([name]) => core[name as keyof typeof inferred] === undefined)
    .map(([name, value]) => ({
      name,
      value: maskUserinfo(value),
      secret: false,
      source: 'inferred',
    }))
}
