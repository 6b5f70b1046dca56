import { test } from 'bun:test'
import { connectTo, socketModeVariables, type Variables } from '../adapters/slack/connect.ts'
import type { HttpSettings } from '../../src/net/http.ts'
import { type Certificate, haveOpenssl, selfSigned } from '../fakes/certificate.ts'
import { proxiedHost, proxyPasswords, startProxiedSlack } from '../fakes/slack/proxied.ts'
import { slack as definition } from '../../adapters/slack/index.ts'
import { appToken, botToken, type FakeSlack, startFakeSlack } from '../fakes/slack/slack.ts'
import { bot, people } from '../fakes/slack/world.ts'
import { adapterContract } from './adapter.ts'
import type { Seen, World } from './world.ts'

const thread = '1699999999.000100'
const ids = { alice: 'U0ALICE', bob: 'U0BOB' } as const
const places = { ops: 'C0OPS', dev: 'C0DEV', direct: 'D0ALICE' } as const

const textOf = (args: Readonly<Record<string, unknown>>): string => {
  const attachments = Array.isArray(args['attachments']) ? args['attachments'] : []
  const parts = attachments.flatMap(({ text, fields = [] }) => [
    text,
    ...fields.map(({ title, value }: Record<string, string>) => `${title}: ${value}`),
  ])
  return [args['text'], ...parts].filter(Boolean).join('\n')
}

const seenIn = (slack: FakeSlack): readonly Seen[] =>
  slack.posts.map(({ args }) => ({
    text: textOf(args),
    channel: String(args['channel']),
    inThread: args['thread_ts'] === thread,
    ...('user' in args && { onlyFor: String(people[String(args['user'])]) }),
  }))

const startDirect = async () => {
  const slack = await startFakeSlack({ patience: 500 })
  const network: HttpSettings = { proxy: {} }
  return { slack, network, [Symbol.asyncDispose]: slack[Symbol.asyncDispose] }
}

const openWorld = (variables: Variables, certificate?: Certificate) => async (): Promise<World> => {
  const room = certificate === undefined
    ? await startDirect()
    : await startProxiedSlack(certificate, 500)
  const { slack, network } = room
  const open: AsyncDisposable[] = [room]
  let last: Readonly<Record<string, unknown>> = {}
  return {
    definition,
    ops: places.ops,
    secrets: [
      appToken,
      botToken,
      'secretbottoken',
      'secretapptoken',
      'ticket=',
      ...proxyPasswords,
    ],
    broadcast: '<!channel>',
    join: async () => {
      const it = await connectTo(slack, { variables, network })
      open.unshift(it)
      await slack.reached(1)
      return { connection: it.connection, heard: it.heard, lines: it.log.lines }
    },
    say: ({ text, place = 'ops', user = 'alice', mention = false, inThread = false }) => {
      const { payload } = slack.payload({
        text: mention ? `<@${bot.id}> ${text}` : text,
        user: ids[user],
        channel: places[place],
        ...(inThread && { thread }),
      })
      last = payload
      slack.deliver(payload)
    },
    sayAgain: () => slack.deliver(last),
    seen: () => seenIn(slack),
    files: () => slack.uploads,
    isConnected: () => slack.connections() > 0,
    echo: () => void slack.say({ text: '!echo', user: bot.id }),
    busy: (ms) => slack.fail('chat.postMessage', { status: 429, retryAfter: ms / 1000 }),
    broken: () => slack.fail('chat.postMessage', { status: 503 }),
    refuse: () => slack.fail('chat.postMessage', { error: 'not_in_channel' }),
    drop: slack.cut,
    garbage: () => {
      for (const text of ['', '{', 'null', '[]', '{"type":7}', '{"type":"events_api"}', '\u0000']) {
        slack.raw(text)
      }
      slack.raw(JSON.stringify({ type: 'events_api', 'envelope_id': 'x', payload: { event: 1 } }))
      slack.raw(JSON.stringify({ type: 'message', channel: 'C0OPS', text: '!odd', ts: 'never' }))
    },
    [Symbol.asyncDispose]: async () => {
      for (const one of open) await one[Symbol.asyncDispose]()
    },
  }
}

adapterContract('Slack, Socket Mode', openWorld(socketModeVariables))
adapterContract('Slack, RTM', openWorld({ HUBOT_SLACK_TOKEN: botToken }), {
  memory: 'RTM repeats nothing',
})

if (haveOpenssl) {
  adapterContract(
    'Slack, Socket Mode, through a proxy with a password',
    openWorld(socketModeVariables, selfSigned(proxiedHost)),
  )
} else test.skip('Slack through a proxy needs openssl', () => {})
