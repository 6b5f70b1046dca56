import { expect, test } from 'bun:test'
import { defuse, defuseAll, literal, showTags } from '../../../adapters/slack/defuse.ts'
import type { OutgoingMessage } from '../../../src/chat/message.ts'
import { hurriedClock } from '../../fakes/hurried-clock.ts'
import { startFakeSlack } from '../../fakes/slack/slack.ts'
import { connectTo, outgoing, socketModeVariables, type Variables } from './connect.ts'

/** What Slack, or a sloppy reader of its markup, takes for words that alert many. */
const alerting = /<!\s*(?:channel|here|everyone|group|subteam)\b|"type":"(?:broadcast|usergroup)"/i

/** Ways to write them: nested, labelled, unfinished, taken apart so that a replacement joins them. */
const disguises = [
  '<!channel>',
  '<!everyone|@here>',
  '<!everyone|<!here>>',
  '<!<!here>channel>',
  '<<!here>!channel>',
  '<!channel|a<b>c>',
  '<!channel|a\nb>',
  '<!channel',
  '<!HERE>',
  '<!subteam^S0OPS>',
  '<!subteam^S0OPS|<!subteam^S0OPS>>',
  '<!subteam^S0OPS|!channel>',
  '<<!subteam^S0OPS|!channel>>',
  '<!subteam^S1|<>!here>',
  '<!-- <!channel> -->',
]

for (const disguise of disguises) {
  test(`${JSON.stringify(disguise)} alerts nobody`, () => {
    expect(defuse(disguise)).not.toMatch(alerting)
    expect(showTags(defuse(disguise))).not.toMatch(alerting)
  })
}

test('a group of people that is named keeps its name', () => {
  expect(defuse('<!subteam^S0OPS|@operators> look')).toBe('@operators look')
})

test('dates, links and mentions of one person keep their effect', () => {
  const kept =
    '<!date^1392734382^{date} at {time}^https://example.com/|then> <https://example.com|x> ' +
    '<mailto:a@example.com> <@U1> <#C1>'
  expect(showTags(defuse(kept))).toBe(kept)
})

test('a name is no markup', () => {
  expect(literal('<!channel> & <@U1>')).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt;')
})

test('a group in a rich text alerts nobody, and plain words in a block are read by nobody', () => {
  expect(defuseAll([
    { type: 'rich_text', elements: [{ type: 'usergroup', 'usergroup_id': 'S0OPS' }] },
    { type: 'section', text: { type: 'mrkdwn', text: 'hello @channel' } },
    { type: 'section', text: { type: 'mrkdwn', text: 'see https://example.com' } },
  ])).toEqual([
    { type: 'rich_text', elements: [{ type: 'text', text: '@S0OPS' }] },
    { type: 'section', text: { type: 'mrkdwn', text: 'hello @channel', verbatim: true } },
    { type: 'section', text: { type: 'mrkdwn', text: 'see https://example.com' } },
  ])
})

/** Everything that leaves for Slack when these messages are sent. */
const callsFor = async (
  messages: readonly Partial<OutgoingMessage>[],
  variables: Variables = {},
): Promise<string> => {
  await using slack = await startFakeSlack()
  await using it = await connectTo(slack, {
    variables: { ...socketModeVariables, ...variables },
    clock: hurriedClock(),
  })
  await slack.reached(1)
  for (const message of messages) await it.connection.send(outgoing(message))
  const sent = slack.calls.filter(({ method }) => /^(?:chat|files)\./.test(method))
  expect(sent.length).toBeGreaterThanOrEqual(messages.length)
  return JSON.stringify(sent.map(({ args }) => args))
}

/** Every field in which an author, or whoever an author quotes, can put words. */
const everywhere = (words: string): readonly Partial<OutgoingMessage>[] => {
  const user = { id: 'U0ALICE', name: 'alice' }
  const attachment = {
    pretext: words,
    title: words,
    text: words,
    fallback: words,
    footer: words,
    'author_name': words,
    fields: [{ title: words, value: words }],
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: words } }],
  }
  return [
    { kind: 'answer', text: words },
    { pretext: words, text: words },
    { whisper: true, user, pretext: words, text: words },
    { user: { name: words }, pretext: 'for somebody', text: words },
    { kind: 'failure', user: { name: words }, text: 'nobody is called so' },
    { extra: { ...attachment, attachments: undefined, username: words, 'icon_emoji': words } },
    { extra: { text: words, attachments: [attachment], username: words } },
    { text: `${words}\n`.repeat(4_000) },
  ]
}

test('no field of a message alerts many', async () => {
  for (const disguise of disguises) {
    expect(await callsFor(everywhere(disguise))).not.toMatch(alerting)
  }
}, 60_000)

test('the edit of an acknowledgement alerts nobody', async () => {
  const link = 'https://st2/#/history/1'
  const all = await callsFor([
    { kind: 'acknowledgement', text: '<!everyone|<!here>> on it', link },
    { text: 'done', link },
  ], { ST2CHATOPS_ACK_UPDATE: 'true' })
  expect(all).toContain('succeeded')
  expect(all).not.toMatch(alerting)
})

test('where the operator allows it, all of them keep their effect', async () => {
  const variables = { ST2CHATOPS_ALLOW_BROADCAST: 'true' }
  const all = await callsFor([
    { kind: 'answer', text: '<!here> <!subteam^S0OPS>' },
    { extra: { title: '<!channel>' } },
  ], variables)
  for (const kept of ['<!here>', '<!subteam^S0OPS>', '<!channel>']) expect(all).toContain(kept)
})
