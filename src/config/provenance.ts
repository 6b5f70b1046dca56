import { type Endpoints, endpointsOf } from './endpoints.ts'
import type { OptionValues } from './option.ts'
import type { coreOptions } from './options.ts'
import { maskAddress, maskValue } from './redact.ts'
import type { Resolved } from './resolve.ts'
import type { Shown } from './settings.ts'

const endpointVariables: Readonly<Record<string, keyof Endpoints>> = {
  ST2_API_URL: 'api',
  ST2_AUTH_URL: 'auth',
  ST2_STREAM_URL: 'stream',
  ST2_WEBUI_URL: 'webui',
}

/** The addresses of StackStorm as far as they can be worked out. */
const inferredFrom = (core: OptionValues<typeof coreOptions>): Endpoints | undefined => {
  try {
    return endpointsOf(core)
  } catch {
    return undefined
  }
}

/**
 * What is shown of the configuration: the rows in use that have a value, and the other rows that
 * somebody has set. Unset ones without a default are left out.
 */
export const showRows = (
  inUse: readonly Resolved[],
  all: readonly Resolved[],
  core: OptionValues<typeof coreOptions>,
): readonly Shown[] => {
  const inferred = inferredFrom(core)
  const show = ({ option, found, under }: Resolved): readonly Shown[] => {
    const { name } = option
    if (found !== undefined) {
      const source = under === undefined ? found.source : `${found.source} (${under})`
      const secret = option.secret ?? false
      return [{ name, value: maskValue(option, found.value), secret, source }]
    }
    const endpoint = endpointVariables[name]
    return endpoint === undefined || inferred === undefined
      ? []
      : [{ name, value: maskAddress(inferred[endpoint]), secret: false, source: 'inferred' }]
  }
  const others = all.filter((row) => !inUse.includes(row) && row.found?.source !== 'default')
  return [...inUse, ...others].flatMap(show)
}
