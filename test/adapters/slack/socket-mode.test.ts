import { expect, test } from 'bun:test'
import { startFakeSlack } from '../../fakes/slack/slack.ts'
import { connectTo, outgoing, until } from './connect.ts'

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
