import { expect, test } from 'bun:test'
import { Undeliverable } from '../../../src/chat/adapter.ts'
import type { ChatUser } from '../../../src/chat/message.ts'
import { botToken, type FakeSlack, type Said, startFakeSlack } from '../../fakes/slack/slack.ts'
import { enterprise } from '../../fakes/slack/world.ts'
import {
  connectTo,
  outgoing,
  socketModeVariables,
  type TestConnection,
  until,
  type Variables,
} from './connect.ts'
import { signedRequest } from './signed.ts'

const alice: ChatUser = { id: 'U0ALICE', name: 'alice' }
const strange: ChatUser = { id: 'U0STRANGER', name: 'U0STRANGER' }

/** Says something, and gives whom the bot took the speaker for. */
const speakerOf = async (slack: FakeSlack, it: TestConnection, said: Said): Promise<ChatUser> => {
  slack.say(said)
  return (await it.next()).user
}

/** How a shared channel's message names the workspace of its author, field by field. */
const homes = (team: string): readonly Readonly<Record<string, string | undefined>>[] => [
  { 'user_team': team },
  { 'user_team': team, 'source_team': team, team },
  { 'user_team': undefined, 'source_team': team },
  { team },
  // An event may say nothing, or may say the wrong thing: Slack's own word on the person counts.
  { team: undefined },
  {},
]

for (const variables of [socketModeVariables, { HUBOT_SLACK_TOKEN: botToken }]) {
  const way = 'HUBOT_SLACK_TOKEN' in variables ? 'RTM' : 'Socket Mode'
  test(`nobody from elsewhere has the name of a colleague (${way})`, async () => {
    await using slack = await startFakeSlack()
    await using it = await connectTo(slack, { variables })
    await slack.reached(1)
    for (const more of homes('T0EVIL')) {
      expect(await speakerOf(slack, it, { text: '!run', user: 'U0STRANGER', more })).toEqual(
        strange,
      )
    }
    expect(await speakerOf(slack, it, { text: '!run' })).toEqual(alice)
  })
}

test('nobody from elsewhere has the name of a colleague (Events API)', async () => {
  await using slack = await startFakeSlack()
  const secret = 'a signing secret'
  const variables: Variables = {
    HUBOT_SLACK_SIGNING_SECRET: secret,
    HUBOT_SLACK_BOT_TOKEN: botToken,
  }
  await using it = await connectTo(slack, { variables })
  await until(() => it.connection.health().state === 'connected')
  const { payload } = slack.payload({ text: '!run', user: 'U0STRANGER' })
  await it.routes.get('/slack/events')?.answer(signedRequest(secret, payload))
  expect(it.heard.map(({ user }) => user)).toEqual([strange])
})

test('whoever the event says is from elsewhere is not taken for a colleague', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await slack.reached(1)
  const said = { text: '!run', user: 'U0BOB', more: { 'user_team': 'T0EVIL' } }
  expect(await speakerOf(slack, it, said)).toEqual({ id: 'U0BOB', name: 'U0BOB' })
})

test('what is for a colleague never goes to a stranger of the same handle', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await slack.reached(1)
  await speakerOf(slack, it, { text: 'hello', user: 'U0STRANGER', more: { 'user_team': 'T0EVIL' } })
  await it.connection.send(outgoing({ whisper: true, user: { name: 'alice' }, text: 'secret' }))
  await it.connection.send(outgoing({ channel: '@alice', text: 'secret' }))
  await it.connection.send(outgoing({ user: { name: 'alice' }, pretext: 'done' }))
  expect(slack.posts.map(({ args }) => args)).toMatchObject([
    { channel: 'C0OPS', user: 'U0ALICE' },
    { channel: 'D0ALICE' },
    { text: '<@U0ALICE>: done' },
  ])
})

test('an answer to a stranger reaches them, by id', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await slack.reached(1)
  const user = await speakerOf(slack, it, { text: '!run', user: 'U0STRANGER' })
  await it.connection.send(outgoing({ whisper: true, user }))
  await it.connection.send(outgoing({ whisper: true, user: { name: user.name } }))
  expect(slack.posts.map(({ args }) => args['user'])).toEqual(['U0STRANGER', 'U0STRANGER'])
})

test('a mention of a stranger names no colleague, whatever the label says', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await slack.reached(1)
  slack.say({ text: '!grant <@U0STRANGER> <@U0STRANGER|alice> <@U0BOB>' })
  expect((await it.next()).text).toBe('!grant @U0STRANGER @U0STRANGER @bob')
})

test('a bot from elsewhere has the name of no bot here', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await slack.reached(1)
  const more = { user: undefined, 'bot_id': 'B0FAR', subtype: 'bot_message' }
  expect(await speakerOf(slack, it, { text: '!run', more })).toEqual({ id: 'B0FAR', name: 'B0FAR' })
})

test('an organisation of several workspaces is one', async () => {
  await using slack = await startFakeSlack({ enterprise })
  await using it = await connectTo(slack)
  await slack.reached(1)
  for (const more of [...homes('T0SISTER'), ...homes(enterprise)]) {
    expect(await speakerOf(slack, it, { text: '!run', user: 'W0COUSIN', more }))
      .toEqual({ id: 'W0COUSIN', name: 'carol' })
  }
  expect(await speakerOf(slack, it, { text: '!run', user: 'W0RIVAL' }))
    .toEqual({ id: 'W0RIVAL', name: 'W0RIVAL' })
  expect(await speakerOf(slack, it, { text: '!run', more: { 'user_team': enterprise } }))
    .toEqual(alice)
  await it.connection.send(outgoing({ channel: '@carol' }))
  expect(slack.posts[0]?.args).toMatchObject({ channel: 'D0COUSIN' })
})

test('without an organisation, a sister workspace is foreign', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await slack.reached(1)
  expect(await speakerOf(slack, it, { text: '!run', user: 'W0COUSIN' }))
    .toEqual({ id: 'W0COUSIN', name: 'W0COUSIN' })
})

test('with INSTALLED_TEAM_ONLY nobody from elsewhere is heard, whatever the event leaves out', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack, {
    variables: { ...socketModeVariables, INSTALLED_TEAM_ONLY: '1' },
  })
  await slack.reached(1)
  for (const more of homes('T0EVIL')) slack.say({ text: '!theirs', user: 'U0STRANGER', more })
  slack.say({ text: '!ours' })
  expect((await it.next()).text).toBe('!ours')
})

test('a handle is that of whoever has it now', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack, { variables: { HUBOT_SLACK_TOKEN: botToken } })
  await slack.reached(1)
  await speakerOf(slack, it, { text: 'hello', user: 'U0GONE' })
  await it.connection.send(outgoing({ channel: '@bob' }))
  expect(slack.posts.map(({ args }) => args['channel'])).toEqual(['D0BOB'])
})

test('before Slack has said which workspace is ours, nobody is looked for', async () => {
  await using slack = await startFakeSlack()
  slack.fail('auth.test', { status: 503 }, 1_000)
  await using it = await connectTo(slack)
  const error = await it.connection.send(outgoing({ channel: '@bob' })).catch((thrown) => thrown)
  expect(error).toMatchObject({ name: 'RetryLater' })
})

test('who is nobody here is undeliverable', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await slack.reached(1)
  const error = await it.connection.send(outgoing({ channel: '@martian' })).catch((thrown) =>
    thrown
  )
  expect(error).toBeInstanceOf(Undeliverable)
  expect(error.message).toContain('martian')
})
