import { expect, test } from 'bun:test'
import { haveOpenssl, selfSigned } from '../../fakes/certificate.ts'
import { proxiedHost, proxyPasswords, startProxiedSlack } from '../../fakes/slack/proxied.ts'
import { connectTo, outgoing } from './connect.ts'

test.skipIf(!haveOpenssl)(
  'everything goes through a proxy with a password, over TLS, when only the proxy knows Slack',
  async () => {
    await using room = await startProxiedSlack(selfSigned(proxiedHost))
    const { slack, proxy, network } = room
    await using it = await connectTo(slack, { network })
    await slack.reached(1)
    slack.say({ text: '!help' })
    await it.next()
    await it.connection.send(outgoing({ text: 'x\n'.repeat(30_000) }))
    expect(slack.uploads).toHaveLength(1)
    expect(new Set(proxy.requests.map(({ target }) => target)))
      .toEqual(new Set([`CONNECT ${proxiedHost}:443`]))
    const told = Bun.inspect(it.log.lines)
    expect(proxyPasswords.filter((password) => told.includes(password))).toEqual([])
  },
)

test.skipIf(!haveOpenssl)('a proxy that refuses is told of without its password', async () => {
  await using room = await startProxiedSlack(selfSigned(proxiedHost))
  const { slack, proxy, network } = room
  const wrong = {
    ...network,
    proxy: { https: `http://us%40er:wrong%20one@127.0.0.1:${proxy.port}` },
  }
  await using it = await connectTo(slack, { network: wrong })
  const error = await it.connection.send(outgoing()).catch((error: unknown) => error)
  expect(error).toMatchObject({ name: 'RetryLater' })
  const told = Bun.inspect([error, it.log.lines, it.connection.health()], { depth: 12 })
  expect(told).not.toContain('wrong%20one')
  expect(told).not.toContain('wrong one')
})
