import { describe, expect, test } from 'bun:test'
import { chooseWayIn } from '../../../adapters/slack/way-in.ts'
import { optionsOf, type Variables } from './connect.ts'

const bot = 'xoxb-1-secret'
const app = 'xapp-1-secret'

describe('the way in follows from the variables that are set', () => {
  const cases: readonly (readonly [Variables, object])[] = [
    [{ HUBOT_SLACK_APP_TOKEN: app, HUBOT_SLACK_BOT_TOKEN: bot }, {
      kind: 'socket-mode',
      appToken: app,
      botToken: bot,
    }],
    [{ HUBOT_SLACK_APP_TOKEN: app, HUBOT_SLACK_TOKEN: bot }, {
      kind: 'socket-mode',
      appToken: app,
      botToken: bot,
    }],
    [{ HUBOT_SLACK_APP_TOKEN: app, HUBOT_SLACK_BOT_TOKEN: bot, HUBOT_SLACK_TOKEN: 'xoxb-old' }, {
      kind: 'socket-mode',
      botToken: bot,
    }],
    [{ HUBOT_SLACK_SIGNING_SECRET: 's3cret', HUBOT_SLACK_BOT_TOKEN: bot }, {
      kind: 'events-api',
      secret: 's3cret',
      botToken: bot,
    }],
    [{ HUBOT_SLACK_TOKEN: 'xoxp-old' }, { kind: 'rtm', botToken: 'xoxp-old' }],
  ]
  for (const [variables, wayIn] of cases) {
    test(Object.keys(variables).join(' and '), async () => {
      expect(chooseWayIn(await optionsOf(variables))).toMatchObject(wayIn)
    })
  }
})

describe('what can never work is said with the way out, and without the token', () => {
  const cases: readonly (readonly [string, Variables, string])[] = [
    ['nothing', {}, 'slack-manifest'],
    ['an app token alone', { HUBOT_SLACK_APP_TOKEN: app }, 'HUBOT_SLACK_BOT_TOKEN'],
    ['a bot token alone', { HUBOT_SLACK_BOT_TOKEN: bot }, 'HUBOT_SLACK_APP_TOKEN'],
    ['an app token for a bot token', { HUBOT_SLACK_TOKEN: app }, 'HUBOT_SLACK_APP_TOKEN'],
    ['a bot token for an app token', {
      HUBOT_SLACK_APP_TOKEN: bot,
      HUBOT_SLACK_BOT_TOKEN: bot,
    }, 'connections:write'],
    ['a token that expires', { HUBOT_SLACK_BOT_TOKEN: 'xoxe.xoxb-secret' }, 'rotation'],
    ['something else', { HUBOT_SLACK_TOKEN: 'T123/secret' }, 'xoxb-'],
  ]
  for (const [name, variables, hint] of cases) {
    test(name, async () => {
      const options = await optionsOf(variables)
      expect(() => chooseWayIn(options)).toThrow(hint)
      expect(() => chooseWayIn(options)).not.toThrow('secret')
    })
  }
})
