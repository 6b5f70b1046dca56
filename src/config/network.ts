/** Which proxy stands before which addresses; what is unset is reached directly. */
export type ProxySettings = {
  readonly http?: string
  readonly https?: string
  readonly all?: string
  readonly no?: string
}

type Pair<Name extends string> = Readonly<Record<Name | Uppercase<Name>, string | undefined>>

/** The variables that the proxy settings come from. */
export type ProxyVariables = Pair<'http_proxy' | 'https_proxy' | 'all_proxy' | 'no_proxy'>

/** The proxies. Lower case wins; an empty lower-case variable counts as unset (so does curl, and Bun). */
export const proxySettingsOf = (
  { core }: { readonly core: ProxyVariables },
): ProxySettings => {
  const entries = {
    http: core.http_proxy ?? core.HTTP_PROXY,
    https: core.https_proxy ?? core.HTTPS_PROXY,
    all: core.all_proxy ?? core.ALL_PROXY,
    no: core.no_proxy ?? core.NO_PROXY,
  }
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined))
}

/** TLS towards StackStorm: only `NODE_TLS_REJECT_UNAUTHORIZED=0` itself switches verification off, as in Node. */
export const stackStormTlsOf = (
  { core }: { readonly core: { readonly NODE_TLS_REJECT_UNAUTHORIZED: string } },
): { readonly rejectUnauthorized: boolean } => ({
  rejectUnauthorized: core.NODE_TLS_REJECT_UNAUTHORIZED !== '0',
})
