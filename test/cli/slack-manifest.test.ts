import { expect, test } from 'bun:test'
import { runProgram } from '../../src/cli/program.ts'
import { Capture } from './capture.ts'

const print = async (...args: readonly string[]) => {
  const capture = new Capture()
  expect(await runProgram(['slack-manifest', ...args], capture.io)).toBe(0)
  return JSON.parse(capture.stdout)
}

test('the app speaks Socket Mode, and hears messages alone', async () => {
  const { settings, oauth_config: oauth, features } = await print()
  expect(settings['socket_mode_enabled']).toBeTrue()
  expect(settings['token_rotation_enabled']).toBeFalse()
  expect(settings['event_subscriptions']).toEqual({
    'bot_events': ['message.channels', 'message.groups', 'message.im', 'message.mpim'],
  })
  expect(oauth.scopes.bot).toContain('chat:write')
  expect(features['app_home']['messages_tab_read_only_enabled']).toBeFalse()
})

test.each(['chatops.example.com', 'http://chatops.example.com', 'https://'])(
  '%s is no address that Slack calls',
  async (url) => {
    const capture = new Capture()
    expect(await runProgram(['slack-manifest', '--events-url', url], capture.io)).toBe(2)
    expect(capture.stdout).toBe('')
    expect(capture.stderr).toContain('it begins with https://')
  },
)

test('name and address of the Events API can be chosen', async () => {
  const manifest = await print('--name', 'ellie', '--events-url', 'https://bot.example.com/')
  expect(manifest.features['bot_user']['display_name']).toBe('ellie')
  expect(manifest.settings['socket_mode_enabled']).toBeFalse()
  expect(manifest.settings['event_subscriptions']['request_url'])
    .toBe('https://bot.example.com/slack/events')
})
