import { expect, test } from 'bun:test'
import { botToken, startFakeSlack } from '../../fakes/slack/slack.ts'
import { connectTo, socketModeVariables } from './connect.ts'

const attachments = [{ fallback: '!run id on localhost', text: '!run id', pretext: '!run id' }]
const robot = { user: undefined, 'bot_id': 'B0ROBOT', subtype: 'bot_message' }

for (const variables of [socketModeVariables, { HUBOT_SLACK_TOKEN: botToken }]) {
  const way = 'HUBOT_SLACK_TOKEN' in variables ? 'RTM' : 'Socket Mode'
  test(`what a bot quotes is no command; what it says is (${way})`, async () => {
    await using slack = await startFakeSlack()
    await using it = await connectTo(slack, { variables })
    await slack.reached(1)
    // As a feed reader posts what somebody has put on the web.
    slack.say({ text: '', more: { ...robot, attachments } })
    // A newer app has a user of its own, and no subtype; so have words that a program posts for a person.
    slack.say({ text: '', user: 'U0ROBOT', more: { 'bot_id': 'B0ROBOT', attachments } })
    slack.say({ text: 'News:', more: { ...robot, attachments } })
    slack.say({ text: '!ping', more: { ...robot, attachments } })
    const texts = [await it.next(), await it.next(), await it.next(), await it.next()]
      .map(({ text }) => text)
    expect(texts).toEqual(['', '', 'News:', '!ping'])
  })
}

test('what a person passes on, or what Slack shows of a link, is no command', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await slack.reached(1)
  for (
    const quote of [
      { 'is_share': true },
      { 'is_msg_unfurl': true },
      { 'from_url': 'https://example.com' },
    ]
  ) {
    slack.say({
      text: '!ping',
      channel: 'D0ALICE',
      more: { attachments: [{ ...attachments[0], ...quote }] },
    })
    expect((await it.next()).text).toBe('!ping')
  }
})

test('an attachment that is no quotation belongs to what a person says', async () => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack)
  await slack.reached(1)
  slack.say({ text: '!say', more: { attachments: [{ fallback: 'hello' }, {}] } })
  expect((await it.next()).text).toBe('!say\nhello')
})
