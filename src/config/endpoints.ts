/** Where StackStorm's services are. None ends with a slash or with `/v1`, however it was written. */
export type Endpoints = {
  readonly api: string
  readonly auth: string
  readonly stream: string
  readonly webui: string
}

/** The variables that the endpoints follow from. */
export type EndpointVariables = {
  readonly ST2_HOSTNAME: string
  readonly ST2_API_URL: string | undefined
  readonly ST2_AUTH_URL: string | undefined
  readonly ST2_STREAM_URL: string | undefined
  readonly ST2_WEBUI_URL: string | undefined
}

/** The ports of the services where no nginx stands in front (StackStorm's own defaults). */
const ports = { api: '9101', auth: '9100', stream: '9102' } as const

/** An IPv6 address needs brackets in a URL; a host with a port has them already or needs none. */
const hostOf = (name: string): string => /^[^[\]]*:[^[\]]*:/.test(name) ? `[${name}]` : name

const bare = (url: string): string => url.replace(/\/+$/, '').replace(/\/v1$/, '')

/** Changes `/api` to `/auth`, or port 9101 to 9100; the host alone gets the path added. */
const sibling = (api: string, service: 'auth' | 'stream'): string => {
  const url = new URL(api)
  if (url.port === ports.api) url.port = ports[service]
  else if (/\/api$/.test(url.pathname)) url.pathname = url.pathname.replace(/api$/, service)
  else url.pathname = `${url.pathname.replace(/\/$/, '')}/${service}`
  return bare(url.href)
}

/** nginx serves API and Web UI at one origin; a direct port of the API says only the host. */
const webUiOf = (api: string): string => {
  const { origin, hostname, port } = new URL(api)
  return port === ports.api ? `https://${hostname}` : origin
}

/**
 * The four addresses as an operator writes them: those that are set, the others worked out from
 * ST2_API_URL, and that one from ST2_HOSTNAME. A request adds its path: `${endpoints.api}/v1/actionalias`.
 */
export const endpointsOf = (core: EndpointVariables): Endpoints => {
  const api = bare(core.ST2_API_URL ?? `https://${hostOf(core.ST2_HOSTNAME)}/api`)
  const { ST2_AUTH_URL: auth, ST2_STREAM_URL: stream, ST2_WEBUI_URL: webui } = core
  return {
    api,
    auth: auth === undefined ? sibling(api, 'auth') : bare(auth),
    stream: stream === undefined ? sibling(api, 'stream') : bare(stream),
    webui: webui === undefined ? webUiOf(api) : webui.replace(/\/+$/, ''),
  }
}
