/** Who and what there is in the stand-in workspace. */
export const team = { id: 'T0TEAM', name: 'Acme' } as const
export const bot = { id: 'U0BOT', botId: 'B0BOT', handle: 'st2' } as const

export const people: Readonly<Record<string, string>> = {
  U0ALICE: 'alice',
  U0BOB: 'bob',
  U0BOT: bot.handle,
  U0ROBOT: 'robot',
}
/** Bots and the users behind them. */
export const bots: Readonly<Record<string, string>> = { B0BOT: bot.id, B0ROBOT: 'U0ROBOT' }
export const channels: Readonly<Record<string, string>> = {
  C0OPS: 'ops',
  C0DEV: 'dev',
  G0SECRET: 'secret',
}
/** Channels that exist and that the bot was not invited to. */
export const strange: ReadonlySet<string> = new Set(['C0STRANGE'])

/** The direct channel of a person. */
export const directChannel = (user: string): string => `D${user.slice(1)}`

/** All scopes, as Slack's header has them. */
export const scopes = [
  'channels:history',
  'channels:read',
  'chat:write',
  'chat:write.customize',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'im:write',
  'mpim:history',
  'mpim:read',
  'users:read',
].join(',')
