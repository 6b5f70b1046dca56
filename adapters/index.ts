import type { AdapterDefinition } from '../src/chat/adapter.ts'
import type { OptionTable } from '../src/config/option.ts'
import { botframeworkOptions } from './botframework/options.ts'
import { flowdockOptions } from './flowdock/options.ts'
import { ircOptions } from './irc/options.ts'
import { matteruserOptions } from './matteruser/options.ts'
import { rocketchatOptions } from './rocketchat/options.ts'
import { shellOptions } from './shell/options.ts'
import { slackOptions } from './slack/options.ts'
import { sparkOptions } from './spark/options.ts'
import { xmppOptions } from './xmpp/options.ts'

/**
 * A chat service as the core knows it before it is chosen: data now, code only on `load`.
 * One without `load` is known, so that its variables are, but is not in this version.
 */
export type AdapterEntry = {
  /** What `HUBOT_ADAPTER` calls it. */
  readonly name: string
  readonly aliases: readonly string[]
  readonly title: string
  readonly options: OptionTable
  readonly load?: () => Promise<AdapterDefinition>
}

/** All chat services, in the order of the old template. */
export const adapters: readonly AdapterEntry[] = [
  {
    name: 'slack',
    aliases: [],
    title: 'Slack',
    options: slackOptions,
    load: () => import('./slack/index.ts').then(({ slack }) => slack),
  },
  {
    name: 'botframework',
    aliases: ['msteams', 'teams'],
    title: 'Microsoft Teams',
    options: botframeworkOptions,
  },
  {
    name: 'xmpp',
    aliases: ['jabber'],
    title: 'XMPP',
    options: xmppOptions,
    load: () => import('./xmpp/index.ts').then(({ xmpp }) => xmpp),
  },
  { name: 'flowdock', aliases: [], title: 'Flowdock', options: flowdockOptions },
  { name: 'spark', aliases: ['webex'], title: 'Cisco Webex', options: sparkOptions },
  {
    name: 'irc',
    aliases: [],
    title: 'IRC',
    options: ircOptions,
    load: () => import('./irc/index.ts').then(({ irc }) => irc),
  },
  { name: 'matteruser', aliases: ['mattermost'], title: 'Mattermost', options: matteruserOptions },
  { name: 'rocketchat', aliases: [], title: 'Rocket.Chat', options: rocketchatOptions },
  {
    name: 'shell',
    aliases: [],
    title: 'Terminal',
    options: shellOptions,
    load: () => import('./shell/index.ts').then(({ shell }) => shell),
  },
]
