import { expect, test } from 'bun:test'
import type { HttpSettings } from '../../../src/net/http.ts'
import { haveOpenssl, selfSigned } from '../../fakes/certificate.ts'
import { startConnectProxy } from '../../fakes/connect-proxy.ts'
import { startFakeSlack } from '../../fakes/slack/slack.ts'
import { connectTo, outgoing } from './connect.ts'

const host = 'slack.test'
const credentials = 'us%40er:p%20ss'

test.skipIf(!haveOpenssl)(
  'everything goes through a proxy with a password, over TLS, when only the proxy knows Slack',
  async () => {
    const certificate = selfSigned(host)
    await using slack = await startFakeSlack({ secure: { host, certificate } })
    await using proxy = await startConnectProxy({
      hosts: { [host]: slack.port },
      credentials: 'us@er:p ss',
    })
    const network: HttpSettings = {
      proxy: { https: `http://${credentials}@127.0.0.1:${proxy.port}` },
      tls: { ca: certificate.cert },
    }
    await using it = await connectTo(slack, { network })
    await slack.reached(1)
    slack.say({ text: '!help' })
    await it.next()
    await it.connection.send(outgoing({ text: 'x\n'.repeat(30_000) }))
    expect(slack.uploads).toHaveLength(1)
    expect(new Set(proxy.requests.map(({ target }) => target)))
      .toEqual(new Set([`CONNECT ${host}:443`]))
    expect(Bun.inspect(it.log.lines)).not.toContain('p%20ss')
  },
)

test.skipIf(!haveOpenssl)('a proxy that refuses is named without its password', async () => {
  const certificate = selfSigned(host)
  await using slack = await startFakeSlack({ secure: { host, certificate } })
  await using proxy = await startConnectProxy({
    hosts: { [host]: slack.port },
    credentials: 'other:one',
  })
  await using it = await connectTo(slack, {
    network: {
      proxy: { https: `http://${credentials}@127.0.0.1:${proxy.port}` },
      tls: { ca: certificate.cert },
    },
  })
  const error = await it.connection.send(outgoing()).catch((error: unknown) => error)
  expect(error).toMatchObject({ name: 'RetryLater' })
  const told = Bun.inspect([error, it.log.lines, it.connection.health()], { depth: 12 })
  expect(told).not.toContain('p%20ss')
  expect(told).not.toContain('p ss')
})
