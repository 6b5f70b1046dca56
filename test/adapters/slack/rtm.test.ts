import { expect, test } from 'bun:test'
import { hurriedClock } from '../../fakes/hurried-clock.ts'
import { botToken, startFakeSlack } from '../../fakes/slack/slack.ts'
import { connectTo, until, type Variables } from './connect.ts'

const classic: Variables = { HUBOT_SLACK_TOKEN: botToken }

test('a classic app talks over RTM, and the log tells of the way out', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack, { variables: classic })
  await slack.reached(1)
  const ts = slack.say({ text: 'help', channel: 'D0ALICE' })
  expect(await it.next()).toMatchObject({
    id: `D0ALICE:${ts}`,
    channel: 'D0ALICE',
    direct: true,
    user: { id: 'U0ALICE', name: 'alice' },
  })
  const warning = it.log.lines.find(({ level }) => level === 'warn')
  expect(warning?.fields['advice']).toContain('HUBOT_SLACK_APP_TOKEN')
  expect(slack.calls.map(({ method }) => method)).not.toContain('apps.connections.open')
})

test('parameters of HUBOT_SLACK_RTM_START_OPTS go with rtm.connect', async () => {
  await using slack = await startFakeSlack()
  await using _it = await connectTo(slack, {
    variables: { ...classic, HUBOT_SLACK_RTM_START_OPTS: '{"batch_presence_aware": 1}' },
  })
  await slack.reached(1)
  expect(slack.calls.find(({ method }) => method === 'rtm.connect')?.args)
    .toEqual({ 'batch_presence_aware': '1' })
})

test('a goodbye is followed by a new connection before the old one is closed', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack, { variables: classic })
  await slack.reached(1)
  slack.refresh()
  await slack.reached(2)
  await until(() => slack.connections() === 1)
  slack.say({ text: '!after' })
  expect((await it.next()).text).toBe('!after')
  expect(slack.deafMoments()).toBe(0)
})

test('a person who has changed the handle is looked up again', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack, { variables: classic })
  await slack.reached(1)
  slack.say({ text: '!one' })
  await it.next()
  slack.raw(JSON.stringify({ type: 'user_change', user: { id: 'U0ALICE', name: 'alice2' } }))
  slack.say({ text: '!two' })
  await it.next()
  expect(slack.calls.filter(({ method }) => method === 'users.info')).toHaveLength(2)
})

for (const error of ['missing_scope', 'not_allowed_token_type']) {
  test(`the token of a new app is told apart (${error})`, async () => {
    await using slack = await startFakeSlack()
    slack.fail('rtm.connect', { error, needed: 'rtm:stream' }, 1_000)
    await using it = await connectTo(slack, { variables: classic, clock: hurriedClock() })
    await until(() => it.connection.health().state === 'failed')
    expect(it.connection.health().error).toContain('HUBOT_SLACK_APP_TOKEN')
  })
}
