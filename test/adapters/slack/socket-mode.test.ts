import { expect, test } from 'bun:test'
import { hurriedClock } from '../../fakes/hurried-clock.ts'
import { startRelay } from '../../fakes/relay.ts'
import { startFakeSlack } from '../../fakes/slack/slack.ts'
import { connectTo, outgoing, socketModeVariables, until } from './connect.ts'

test('what somebody says comes in with names for ids, and the answer goes out', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await slack.reached(1)
  const ts = slack.say({
    text: '<@U0BOT> run &lt;date&gt; on <http://web1.example.com|web1.example.com>',
  })
  expect(await it.next()).toEqual({
    id: `C0OPS:${ts}`,
    channel: 'C0OPS',
    thread: `+${ts}`,
    user: { id: 'U0ALICE', name: 'alice' },
    text: ' run <date> on web1.example.com',
    direct: false,
    mentioned: true,
    at: Number(ts) * 1000,
  })
  const receipt = await it.connection.send(outgoing({ user: { name: 'alice', id: 'U0ALICE' } }))
  expect(receipt.id).toStartWith('C0OPS:')
  expect(slack.posts).toMatchObject([{
    method: 'chat.postMessage',
    args: {
      channel: 'C0OPS',
      text: '<@U0ALICE>: ',
      attachments: [{ text: 'done', fallback: 'done', color: '#dfdfdf' }],
    },
  }])
  expect(it.connection.health().state).toBe('connected')
  expect(it.connection.self).toMatchObject({ id: 'U0BOT', name: 'st2' })
  await until(() => slack.acknowledged.length === 2)
  // The second is the bot's own message, which Slack tells it of; it is not heard.
  expect(it.heard).toHaveLength(1)
})

test('an event is acknowledged within a second, also when the bot takes its time', async () => {
  await using slack = await startFakeSlack()
  const clock = hurriedClock()
  await using it = await connectTo(slack, { clock, receive: () => new Promise(() => {}) })
  await slack.reached(1)
  slack.say({ text: '!slow' })
  await until(() => slack.acknowledged.length === 1)
  expect(clock.waits).toContain(1_000)
  expect(it.heard).toHaveLength(1)
})

test('an event is acknowledged when the bot has written it down, not before', async () => {
  await using slack = await startFakeSlack()
  const { promise: written, resolve: write } = Promise.withResolvers<void>()
  await using it = await connectTo(slack, { receive: () => written })
  await slack.reached(1)
  slack.say({ text: '!run' })
  await it.next()
  expect(slack.acknowledged).toEqual([])
  write()
  await until(() => slack.acknowledged.length === 1)
})

test('a new connection is up before the old one is closed: nobody is deaf for a moment', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await slack.reached(1)
  slack.refresh('warning')
  slack.say({ text: '!between' })
  await slack.reached(2)
  await until(() => slack.connections() === 1)
  slack.say({ text: '!after' })
  await until(() => it.heard.length === 2)
  expect(it.heard.map(({ text }) => text)).toEqual(['!between', '!after'])
  expect(slack.deafMoments()).toBe(0)
  expect(slack.totalConnections()).toBe(2)
  expect(it.connection.health().state).toBe('connected')
})

test('while no new connection can be had, the old one still hears', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await until(() => it.connection.health().state === 'connected')
  slack.fail('apps.connections.open', { status: 503 }, 1_000)
  slack.refresh()
  await until(() => it.log.lines.some(({ message }) => message.includes('could not be opened')))
  expect(it.connection.health().state).toBe('connected')
  slack.say({ text: '!still here' })
  expect((await it.next()).text).toBe('!still here')
  slack.cut()
  await until(() => it.connection.health().state === 'connecting')
})

test('an event that comes again, under its id or as another event, is heard once', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await slack.reached(1)
  const { payload } = slack.payload({ text: '!deploy' })
  slack.deliver(payload)
  slack.deliver(payload)
  slack.deliver({ ...payload, 'event_id': 'EvOther' })
  slack.deliver({
    ...payload,
    'event_id': 'EvMention',
    event: { ...payload['event'] as object, type: 'app_mention' },
  })
  await until(() => slack.acknowledged.length === 4)
  expect(it.heard).toHaveLength(1)
})

test('edits, deletions, joins, hidden ones and those of nobody are no messages', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await slack.reached(1)
  for (const subtype of ['message_changed', 'message_deleted', 'channel_join', 'channel_topic']) {
    slack.say({ text: '!no', more: { subtype } })
  }
  slack.say({ text: '!no', more: { hidden: true } })
  slack.say({ text: '!no', more: { user: undefined } })
  for (const subtype of ['file_share', 'me_message', 'thread_broadcast']) {
    slack.say({ text: `!${subtype}`, more: { subtype } })
  }
  await until(() => slack.acknowledged.length === 9)
  expect(it.heard.map(({ text }) => text)).toEqual([
    '!file_share',
    '!me_message',
    '!thread_broadcast',
  ])
})

test('another bot is heard under the handle of its user, and not for ever', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await slack.reached(1)
  for (let index = 0; index < 30; index++) {
    slack.say({
      text: `!${index}`,
      more: { user: undefined, 'bot_id': 'B0ROBOT', subtype: 'bot_message', username: 'admin' },
    })
  }
  await until(() => slack.acknowledged.length === 30)
  expect(it.heard).toHaveLength(10)
  expect(it.heard[0]?.user).toEqual({ id: 'B0ROBOT', name: 'robot' })
  expect(it.log.lines.filter(({ message }) => message.includes('talks too much'))).toHaveLength(1)
})

test('people of another workspace are passed over where the operator says so', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack, {
    variables: { ...socketModeVariables, INSTALLED_TEAM_ONLY: '1' },
  })
  await slack.reached(1)
  slack.say({ text: '!theirs', more: { 'user_team': 'T0OTHER' } })
  slack.say({ text: '!ours' })
  expect((await it.next()).text).toBe('!ours')
})

test('people are looked up once, and nobody is listed', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await slack.reached(1)
  for (let index = 0; index < 5; index++) slack.say({ text: '!run <@U0BOB> in <#C0DEV>' })
  await until(() => it.heard.length === 5)
  expect(it.heard[4]?.text).toBe('!run @bob in #dev')
  await it.connection.send(outgoing({ user: { name: 'alice' } }))
  const counts = Map.groupBy(slack.calls, ({ method }) => method)
  expect(counts.get('users.info')).toHaveLength(2)
  expect(counts.get('conversations.info')).toHaveLength(1)
  expect(counts.has('users.list')).toBeFalse()
  expect(counts.has('conversations.list')).toBeFalse()
})

test('a person is looked up again when Slack is too busy to say who it is', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack, { clock: hurriedClock() })
  await slack.reached(1)
  slack.fail('users.info', { status: 429, retryAfter: 5 }, 2)
  slack.say({ text: '!run' })
  expect((await it.next()).user).toEqual({ id: 'U0ALICE', name: 'alice' })
})

test('who cannot be looked up is known by the id, and the log says why', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await slack.reached(1)
  slack.fail('users.info', { error: 'missing_scope', needed: 'users:read' }, 5)
  slack.say({ text: '!run' })
  expect((await it.next()).user).toEqual({ id: 'U0ALICE', name: 'U0ALICE' })
  expect(it.log.lines.some(({ level, message }) => level === 'warn' && message.includes('handle')))
    .toBeTrue()
})

test('a connection that has gone silent is left, and another one opened', async () => {
  await using slack = await startFakeSlack()
  await using relay = await startRelay(slack.port)
  slack.via(relay.port)
  await using it = await connectTo(slack, {
    variables: {
      ...socketModeVariables,
      HUBOT_SLACK_SOCKET_MODE_OPTS: '{"clientPingTimeout": 40, "serverPingTimeout": 200}',
    },
  })
  await until(() => it.connection.health().state === 'connected')
  relay.freeze()
  await until(() => it.connection.health().state === 'connecting')
  expect(it.connection.health().error).toContain('silent')
  await until(() => it.connection.health().state === 'connected')
  slack.say({ text: '!here again' })
  expect((await it.next()).text).toBe('!here again')
})

test('a socket that is never greeted is given up', async () => {
  await using slack = await startFakeSlack()
  slack.greet(false)
  await using it = await connectTo(slack, { clock: hurriedClock() })
  await until(() => slack.totalConnections() > 1)
  expect(it.connection.health()).toMatchObject({
    state: 'connecting',
    error: 'Slack did not say hello',
  })
  slack.greet(true)
  await slack.reached(1)
})

test('a lost connection ends the bot where the operator wants that, and only there', async () => {
  await using slack = await startFakeSlack()
  await using stays = await connectTo(slack)
  await using ends = await connectTo(slack, {
    variables: { ...socketModeVariables, HUBOT_SLACK_EXIT_ON_DISCONNECT: '1' },
  })
  await slack.reached(2)
  slack.cut()
  await until(() => ends.failures.length > 0)
  expect(ends.failures[0]).toContain('HUBOT_SLACK_EXIT_ON_DISCONNECT')
  expect(stays.failures).toEqual([])
})

test('a token that Slack refuses is told of with what to do, and tried again', async () => {
  await using slack = await startFakeSlack()
  slack.fail('auth.test', { error: 'account_inactive' }, 2)
  await using it = await connectTo(slack, { clock: hurriedClock() })
  await until(() => it.log.lines.some(({ level }) => level === 'error'))
  const line = it.log.lines.find(({ level }) => level === 'error')
  expect(line?.fields['reason']).toContain('account_inactive')
  expect(line?.fields['advice']).toContain('OAuth & Permissions')
  await slack.reached(1)
  await until(() => it.connection.health().state === 'connected')
})

test('an app-level token that Slack refuses is named as such', async () => {
  await using slack = await startFakeSlack()
  slack.fail(
    'apps.connections.open',
    { error: 'missing_scope', needed: 'connections:write' },
    1_000,
  )
  await using it = await connectTo(slack)
  await until(() => it.connection.health().state === 'failed')
  expect(it.connection.health().error).toContain('connections:write')
  expect(it.connection.health().error).toContain('HUBOT_SLACK_APP_TOKEN')
})

test('scopes that the app lacks are named at the start', async () => {
  await using slack = await startFakeSlack({ scopes: 'chat:write,users:read' })
  await using it = await connectTo(slack)
  await slack.reached(1)
  const line = it.log.lines.find(({ message }) => message.includes('lacks scopes'))
  expect(line?.fields['scopes']).toContain('channels:history')
  expect(line?.fields['scopes']).not.toContain('users:read')
})
