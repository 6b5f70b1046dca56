import { expect, test } from 'bun:test'
import { type Logger, LogLevel, SocketModeClient } from '@slack/socket-mode'
import { appToken, startFakeSlack } from './slack.ts'

const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
}

/** The official client; `clientPingTimeout` is also how long it waits before it connects anew. */
const officialClient = (apiUrl: string, token = appToken) =>
  new SocketModeClient({
    appToken: token,
    clientPingTimeout: 200,
    logger: silent,
    clientOptions: { slackApiUrl: apiUrl, retryConfig: { retries: 0 } },
  })

const next = (client: SocketModeClient, event: string): Promise<unknown[]> =>
  new Promise((resolve) => client.once(event, (...args) => resolve(args)))

test('the official client connects to the stand-in, hears, and acknowledges', async () => {
  await using slack = await startFakeSlack()
  const client = officialClient(slack.apiUrl)
  const heard = next(client, 'message')
  await client.start()
  slack.say({ text: '!help' })
  const [{ ack, event, body, retry_num: retry }] = await heard as [{
    readonly ack: () => Promise<void>
    readonly event: Readonly<Record<string, unknown>>
    readonly body: Readonly<Record<string, unknown>>
    readonly 'retry_num': number
  }]
  expect(event).toMatchObject({ type: 'message', text: '!help', channel: 'C0OPS', user: 'U0ALICE' })
  expect(body).toMatchObject({ type: 'event_callback' })
  expect(retry).toBe(0)
  expect(slack.acknowledged).toEqual([])
  await ack()
  while (slack.acknowledged.length === 0) await Bun.sleep(5)
  await client.disconnect()
})

test('what the official client does not acknowledge comes again', async () => {
  await using slack = await startFakeSlack({ patience: 50 })
  const client = officialClient(slack.apiUrl)
  const first = next(client, 'message')
  await client.start()
  slack.say({ text: '!help' })
  await first
  const [{ ack, retry_num: retry }] = await next(client, 'message') as [{
    readonly ack: () => Promise<void>
    readonly 'retry_num': number
  }]
  expect(retry).toBeGreaterThan(0)
  await ack()
  await client.disconnect()
})

test('the official client takes the request for a new connection for one', async () => {
  await using slack = await startFakeSlack()
  const client = officialClient(slack.apiUrl)
  await client.start()
  const again = next(client, 'connected')
  slack.refresh()
  await again
  expect(slack.totalConnections()).toBe(2)
  await client.disconnect()
})

test('the stand-in takes no other token', async () => {
  await using slack = await startFakeSlack()
  const client = officialClient(slack.apiUrl, 'xapp-another')
  const error = await client.start().then(() => undefined, (error: unknown) => error)
  expect(error).toMatchObject({ data: { error: 'invalid_auth' } })
})
