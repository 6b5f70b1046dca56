import { describe, expect, test } from 'bun:test'
import { decodeText, type Names, plainKeys } from '../../../adapters/slack/decode-text.ts'
import { defuse, defuseAll, showEntities, showTags } from '../../../adapters/slack/defuse.ts'

const names: Names = {
  handleOf: async (user) => user === 'U1' ? 'alice' : undefined,
  channelNameOf: async (channel) => channel === 'C1' ? 'ops' : undefined,
}

describe('what Slack makes of a text comes back as it was typed', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['plain', 'plain'],
    ['<@U1> and <@U1|bob>', '@alice and @bob'],
    ['<@U2>', '<@U2>'],
    ['<#C1> <#C2|dev> <#C3>', '#ops #dev <#C3>'],
    ['<!here> <!channel|channel> <!everyone>', '@here @channel @everyone'],
    ['<!subteam^S1|@admins> <!date^1^x>', '@admins <!date^1^x>'],
    ['<http://web1.example.com|web1.example.com>', 'web1.example.com'],
    ['<http://web1.example.com/|web1.example.com>', 'web1.example.com'],
    ['<https://example.com/a?b=1&amp;c=2>', 'https://example.com/a?b=1&c=2'],
    ['<https://example.com/long|the docs>', 'the docs (https://example.com/long)'],
    ['<https://example.com/long|example.com>', 'https://example.com/long'],
    ['<mailto:a@example.com|a@example.com>', 'a@example.com'],
    ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
    ['<>', '<>'],
    ['a < b > c', 'a < b > c'],
  ]
  for (const [slack, typed] of cases) {
    test(slack, async () => expect(await decodeText(slack, names)).toBe(typed))
  }
})

test('what an escape makes is not read as markup', async () => {
  expect(await decodeText('&lt;@U1&gt; &amp;lt;', names)).toBe('<@U1> &lt;')
})

test('quotes and blanks of an editor are those of the keyboard', () => {
  expect(plainKeys('run “date” on\u00a0‘x’')).toBe('run "date" on \'x\'')
})

test('words that alert everybody are plain words', () => {
  expect(defuse('<!channel> <!here|here> <!everyone> <!group> <@U1> <!subteam^S1>'))
    .toBe('@channel @here @everyone @group <@U1> &lt;!subteam^S1>')
})

test('blocks alert nobody either', () => {
  const block = {
    type: 'rich_text',
    elements: [{ type: 'broadcast', range: 'here' }, { type: 'text', text: '<!channel>' }],
  }
  expect(defuseAll([block])).toEqual([{
    type: 'rich_text',
    elements: [{ type: 'text', text: '@here' }, { type: 'text', text: '@channel' }],
  }])
})

test('tags are shown; links and mentions of an author keep their effect', () => {
  const kept = '<https://example.com|docs> <mailto:a@b.c> <@U1> <#C1> <!date^1^x|y> a < b'
  expect(showTags(kept)).toBe(kept)
  expect(showTags('<html><b>x</b>')).toBe('&lt;html&gt;&lt;b&gt;x&lt;/b&gt;')
})

test.each([
  // Slack makes characters of these three, so a result that has them would be shown as another one.
  ['a &lt; b &amp; c 1 < 2', 'a &amp;lt; b &amp;amp; c 1 < 2'],
  ['<b title="&gt;">&quot;</b>', '&lt;b title="&amp;gt;"&gt;&quot;&lt;/b&gt;'],
  ['?a=1&b=2 && c & d', '?a=1&b=2 && c & d'],
  // What an author wrote as markup is escaped already, as Slack asks for.
  [
    '<https://a.example/?b=1&amp;c=2|b &amp; c> &amp;',
    '<https://a.example/?b=1&amp;c=2|b &amp; c> &amp;amp;',
  ],
  ['<@U1> &lt;!channel&gt;', '<@U1> &amp;lt;!channel&amp;gt;'],
])('%j is shown as it was printed', (printed, expected) => {
  expect(showTags(showEntities(printed))).toBe(expected)
})
