import { expect, test } from 'bun:test'
import { RetryLater, Undeliverable } from '../../../src/chat/adapter.ts'
import type { OutgoingMessage } from '../../../src/chat/message.ts'
import { hurriedClock } from '../../fakes/hurried-clock.ts'
import { type FakeSlack, startFakeSlack } from '../../fakes/slack/slack.ts'
import {
  connectTo,
  outgoing,
  socketModeVariables,
  type TestConnection,
  type Variables,
} from './connect.ts'

type Room = AsyncDisposable & {
  readonly slack: FakeSlack
  readonly it: TestConnection
  readonly send: (more: Partial<OutgoingMessage>) => Promise<unknown>
}

const openRoom = async (variables: Variables = {}): Promise<Room> => {
  const slack = await startFakeSlack()
  const it = await connectTo(slack, {
    variables: { ...socketModeVariables, ...variables },
    clock: hurriedClock(),
  })
  await slack.reached(1)
  return {
    slack,
    it,
    send: (more) =>
      it.connection.send(outgoing(more)).then((receipt) => receipt, (error: unknown) => error),
    [Symbol.asyncDispose]: async () => {
      await it[Symbol.asyncDispose]()
      await slack[Symbol.asyncDispose]()
    },
  }
}

const argsOf = (slack: FakeSlack) => slack.posts.map(({ args }) => args)

test('a result has the colour of how it ended, and the author may choose another', async () => {
  await using room = await openRoom({ ST2_SLACK_FAIL_COLOR: 'warning' })
  await room.send({ status: 'succeeded' })
  await room.send({ status: 'failed' })
  await room.send({ extra: { color: '00aa00', title: 'T', text: 'not this' } })
  const attachments = argsOf(room.slack).map(({ attachments }) => (attachments as object[])[0])
  expect(attachments).toMatchObject([
    { color: '#dfdfdf' },
    { color: 'warning' },
    { color: '#00aa00', title: 'T', text: 'done' },
  ])
})

test('what the bot says by itself is plain text', async () => {
  await using room = await openRoom()
  await room.send({ kind: 'acknowledgement', text: 'On it.' })
  await room.send({ kind: 'result', pretext: 'only a head', text: '' })
  expect(argsOf(room.slack)).toEqual([
    { channel: 'C0OPS', text: 'On it.' },
    { channel: 'C0OPS', text: 'only a head' },
  ])
})

test("an author's own attachments are the whole message, under the name and icon of the author", async () => {
  await using room = await openRoom()
  await room.send({
    text: 'unseen',
    extra: {
      text: 'top',
      attachments: [{ text: 'a', color: 'good' }, { text: 'b' }],
      'icon_emoji': ':robot_face:',
      username: 'deployer',
    },
  })
  expect(argsOf(room.slack)).toEqual([{
    channel: 'C0OPS',
    text: 'top',
    attachments: [{ text: 'a', color: 'good' }, { text: 'b' }],
    'icon_emoji': ':robot_face:',
    username: 'deployer',
  }])
})

test('long attachments become several, none of it lost, all of one colour', async () => {
  await using room = await openRoom()
  const lines = Array.from({ length: 600 }, (_, n) => `line ${n} of many`)
  const fields = Array.from({ length: 3 }, (_, n) => ({ title: `f${n}`, value: 'v'.repeat(3_000) }))
  await room.send({
    extra: {
      attachments: [{ color: 'good', title: 'T', text: lines.join('\n'), fields, footer: 'F' }],
    },
  })
  const attachments = argsOf(room.slack).flatMap(({ attachments }) => attachments as object[])
  const all = JSON.stringify(attachments)
  expect(lines.filter((line) => !all.includes(line))).toEqual([])
  expect(all.match(/v/g)?.length).toBeGreaterThanOrEqual(9_000)
  expect(attachments[0]).toMatchObject({ title: 'T' })
  expect(attachments.at(-1)).toMatchObject({ footer: 'F' })
  expect(attachments.filter((one) => !('color' in one))).toEqual([])
  expect(argsOf(room.slack).filter((args) => JSON.stringify(args['attachments']).length > 4_200))
    .toEqual([])
})

test('blocks keep the colour and say in words what they show', async () => {
  await using room = await openRoom()
  const blocks = [{ type: 'divider' }]
  await room.send({ extra: { blocks }, user: { id: 'U0BOB', name: 'bob' } })
  expect(argsOf(room.slack)).toMatchObject([{
    text: '<@U0BOB>: ',
    attachments: [{ blocks, fallback: 'done', color: '#dfdfdf' }],
  }])
})

test('a long head comes in messages of its own', async () => {
  await using room = await openRoom()
  const pretext = Array.from({ length: 400 }, (_, n) => `head ${n} of a long one`).join('\n')
  await room.send({ pretext, text: 'body' })
  const texts = argsOf(room.slack).map(({ text }) => String(text ?? ''))
  expect(texts.length).toBeGreaterThan(1)
  expect(texts.filter((text) => text.length > 4_000)).toEqual([])
  expect(texts.join('\n')).toContain('head 399 of')
  expect(argsOf(room.slack).at(-1)).toMatchObject({ attachments: [{ text: 'body' }] })
})

test('what Slack does not take of an author goes, and the result stays', async () => {
  await using room = await openRoom()
  room.slack.fail('chat.postMessage', { error: 'invalid_blocks' })
  expect(await room.send({ extra: { blocks: [{ type: 'nonsense' }] } })).toMatchObject({
    id: expect.stringContaining('C0OPS:'),
  })
  room.slack.fail('chat.postMessage', { error: 'missing_scope', needed: 'chat:write.customize' })
  await room.send({ extra: { username: 'deployer' } })
  expect(argsOf(room.slack)).toMatchObject([{ attachments: [{ text: 'done' }] }, {
    channel: 'C0OPS',
  }])
  expect(argsOf(room.slack)[1]).not.toHaveProperty('username')
})

test('answers follow ST2CHATOPS_THREADS, unless an alias wants a thread', async () => {
  const below = '1.5'
  const beside = '+2.5'
  const expected = {
    never: [undefined, undefined, '2.5'],
    inherit: ['1.5', undefined, '2.5'],
    always: ['1.5', '2.5', '2.5'],
  }
  for (const [mode, threads] of Object.entries(expected)) {
    await using room = await openRoom({ ST2CHATOPS_THREADS: mode })
    await room.send({ thread: below })
    await room.send({ thread: beside })
    await room.send({ thread: beside, extra: { 'thread_response': true }, kind: 'acknowledgement' })
    expect(argsOf(room.slack).map((args) => args['thread_ts'])).toEqual(threads)
  }
})

test('a whisper is shown to one person, or goes to them where they are not', async () => {
  await using room = await openRoom()
  const user = { id: 'U0ALICE', name: 'alice' }
  await room.send({ whisper: true, user })
  await room.send({ whisper: true, user: { name: 'bob' } })
  room.slack.fail('chat.postEphemeral', { error: 'user_not_in_channel' })
  await room.send({ whisper: true, user })
  await room.send({ whisper: true, user, channel: 'D0ALICE' })
  expect(room.slack.posts).toMatchObject([
    { method: 'chat.postEphemeral', args: { channel: 'C0OPS', user: 'U0ALICE' } },
    { method: 'chat.postEphemeral', args: { channel: 'C0OPS', user: 'U0BOB' } },
    { method: 'chat.postMessage', args: { channel: 'D0ALICE' } },
    { method: 'chat.postMessage', args: { channel: 'D0ALICE' } },
  ])
  expect(await room.send({ whisper: true, user: { name: 'nobody' } })).toBeInstanceOf(Undeliverable)
  expect(room.slack.posts).toHaveLength(4)
})

test('channels and people may be written as people write them', async () => {
  await using room = await openRoom()
  for (const channel of ['#ops', 'dev', 'secret', '@bob', 'U0BOB', 'D0BOB', 'G0SECRET']) {
    await room.send({ channel })
  }
  expect(argsOf(room.slack).map(({ channel }) => channel))
    .toEqual(['C0OPS', 'C0DEV', 'G0SECRET', 'D0BOB', 'D0BOB', 'D0BOB', 'G0SECRET'])
})

test('mentions name the person; who is unknown is named in words', async () => {
  await using room = await openRoom()
  await room.send({ user: { name: 'bob' }, pretext: 'done' })
  await room.send({ user: { name: 'martian' }, pretext: 'done' })
  expect(argsOf(room.slack).map(({ text }) => text)).toEqual(['<@U0BOB>: done', '@martian: done'])
})

test('a result is shown as it was printed, in a message and in a file', async () => {
  await using room = await openRoom()
  const printed = 'a &lt; b &amp; c 1 < 2 <i>'
  const shown = 'a &amp;lt; b &amp;amp; c 1 < 2 &lt;i&gt;'
  await room.send({ kind: 'result', pretext: printed, text: printed })
  await room.send({ kind: 'help', text: printed })
  expect(argsOf(room.slack)).toMatchObject([
    { text: shown, attachments: [{ text: shown, fallback: shown }] },
    { text: shown },
  ])
  const long = `${printed}\n`.repeat(3_000)
  await room.send({ kind: 'result', text: long })
  await room.send({ kind: 'help', text: long })
  expect(room.slack.uploads).toEqual([long, long])
})

test('60 kB go up as a file, once, whatever fails in between', async () => {
  await using room = await openRoom()
  const text = 'x'.repeat(59).concat('\n').repeat(1_000)
  room.slack.fail('files.completeUploadExternal', { status: 500 })
  const message = outgoing({ text, status: 'failed' })
  const failed = await room.it.connection.send(message).catch((error: unknown) => error)
  expect(failed).toBeInstanceOf(RetryLater)
  await room.it.connection.send(message)
  expect(room.slack.uploads).toEqual([text])
  expect(argsOf(room.slack)).toHaveLength(1)
  expect(argsOf(room.slack)[0]).toMatchObject({ attachments: [{ color: 'danger' }] })
})

test('without the right to put files up, all of it goes out as text', async () => {
  await using room = await openRoom()
  room.slack.fail('files.getUploadURLExternal', { error: 'missing_scope', needed: 'files:write' })
  const lines = Array.from({ length: 1_500 }, (_, n) => `line ${n} of a very long output`)
  await room.send({ text: lines.join('\n') })
  const all = JSON.stringify(argsOf(room.slack))
  expect(lines.filter((line) => !all.includes(line))).toEqual([])
})

test('a whisper too long for Slack goes to the person as a file', async () => {
  await using room = await openRoom()
  const user = { id: 'U0ALICE', name: 'alice' }
  await room.send({ whisper: true, user, text: 'secret line\n'.repeat(5_000) })
  expect(argsOf(room.slack).map(({ channel }) => channel)).toEqual(['D0ALICE'])
  expect(room.slack.calls.find(({ method }) => method === 'files.completeUploadExternal')?.args)
    .toMatchObject({ 'channel_id': 'D0ALICE' })
})

test('what is out is not sent again by the next attempt', async () => {
  await using room = await openRoom()
  const message = outgoing({ text: 'word '.repeat(2_000) })
  const whole = room.slack.posts.length
  expect(whole).toBe(0)
  await room.it.connection.send(outgoing({ text: 'word '.repeat(2_000) }))
  const parts = room.slack.posts.length
  expect(parts).toBeGreaterThan(1)
  room.slack.failAfter('chat.postMessage', 1, { status: 429, retryAfter: 7 })
  const error = await room.it.connection.send(message).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toMatchObject({ name: 'RetryLater', after: 7_000 })
  await room.it.connection.send(message)
  expect(room.slack.posts).toHaveLength(2 * parts)
})

test('broadcasts pass where the operator allows them', async () => {
  await using quiet = await openRoom()
  await using loud = await openRoom({ ST2CHATOPS_ALLOW_BROADCAST: 'true' })
  for (const { send } of [quiet, loud]) {
    await send({ pretext: '<!channel>', extra: { 'link_names': 1, title: '<!here>' } })
  }
  expect(argsOf(quiet.slack)[0]).toMatchObject({
    text: '@channel',
    attachments: [{ title: '@here' }],
  })
  expect(argsOf(quiet.slack)[0]).not.toHaveProperty('link_names')
  expect(argsOf(loud.slack)[0]).toMatchObject({
    text: '<!channel>',
    attachments: [{ title: '<!here>' }],
    'link_names': '1',
  })
})

test('the acknowledgement tells how it ended, if that is wanted', async () => {
  await using room = await openRoom({ ST2CHATOPS_ACK_UPDATE: 'true' })
  const link = 'https://st2/#/history/1'
  await room.send({ kind: 'acknowledgement', text: 'On it.', link })
  await room.send({ text: 'first', link, status: 'failed' })
  await room.send({ text: 'second', link })
  const edits = room.slack.calls.filter(({ method }) => method === 'chat.update')
  expect(edits.map(({ args }) => args)).toMatchObject([
    { channel: 'C0OPS', text: 'On it.\n:x: failed' },
  ])
})

const refusals: readonly (readonly [string, string])[] = [
  ['channel_not_found', 'Correct the channel'],
  ['not_in_channel', '/invite @st2'],
  ['is_archived', 'Unarchive'],
  ['missing_scope', 'chat:write'],
  ['invalid_auth', 'OAuth & Permissions'],
  ['not_allowed_token_type', 'xapp-'],
  ['something_new', 'docs.slack.dev'],
]
for (const [error, hint] of refusals) {
  test(`"${error}" is undeliverable, with advice`, async () => {
    await using room = await openRoom()
    const needed = error === 'missing_scope' ? { needed: 'chat:write' } : {}
    room.slack.fail('chat.postMessage', { error, ...needed })
    const refused = await room.send({})
    expect(refused).toBeInstanceOf(Undeliverable)
    expect((refused as Undeliverable).message).toContain('C0OPS')
    expect((refused as Undeliverable).advice).toContain(hint)
  })
}

for (const error of ['internal_error', 'fatal_error', 'service_unavailable', 'ratelimited']) {
  test(`"${error}" passes with time`, async () => {
    await using room = await openRoom()
    room.slack.fail('chat.postMessage', { error })
    expect(await room.send({})).toBeInstanceOf(RetryLater)
  })
}
