import type { HttpSettings } from '../../../src/net/http.ts'
import type { Certificate } from '../certificate.ts'
import { type ConnectProxy, startConnectProxy } from '../connect-proxy.ts'
import { type FakeSlack, startFakeSlack } from './slack.ts'

/** Only the proxy knows this name. */
export const proxiedHost = 'slack.test'

/** What must never be in a log. */
export const proxyPasswords = ['pass word', 'pass%20word'] as const

/** The stand-in behind TLS, and the way to it: a proxy that wants a password. */
export type ProxiedSlack = AsyncDisposable & {
  readonly slack: FakeSlack
  readonly proxy: ConnectProxy
  readonly network: HttpSettings
}

/** @param certificate for `proxiedHost` */
export const startProxiedSlack = async (
  certificate: Certificate,
  patience?: number,
): Promise<ProxiedSlack> => {
  const slack = await startFakeSlack({
    secure: { host: proxiedHost, certificate },
    ...(patience !== undefined && { patience }),
  })
  const proxy = await startConnectProxy({
    hosts: { [proxiedHost]: slack.port },
    credentials: 'us@er:pass word',
  })
  return {
    slack,
    proxy,
    network: {
      proxy: { https: `http://us%40er:pass%20word@127.0.0.1:${proxy.port}` },
      tls: { ca: certificate.cert },
    },
    [Symbol.asyncDispose]: async () => {
      await slack[Symbol.asyncDispose]()
      await proxy[Symbol.asyncDispose]()
    },
  }
}
