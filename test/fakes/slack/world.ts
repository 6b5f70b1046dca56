/** Who and what there is in the stand-in workspace. */
export const team = { id: 'T0TEAM', name: 'Acme' } as const
export const bot = { id: 'U0BOT', botId: 'B0BOT', handle: 'st2' } as const

export const people: Readonly<Record<string, string>> = {
  U0ALICE: 'alice',
  U0BOB: 'bob',
  U0BOT: bot.handle,
  U0ROBOT: 'robot',
}
/** The organisation of the workspace, where a test puts it into one (Enterprise Grid). */
export const enterprise = 'E0ACME'
/** People whom Slack tells of as well: they are no members of the workspace, or not any more. */
export const others: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  // From another company, in a shared channel, under the handle of somebody here.
  U0STRANGER: { name: 'alice', 'team_id': 'T0EVIL' },
  U0FARBOT: { name: 'robot', 'team_id': 'T0EVIL', 'is_bot': true },
  // From a sister workspace.
  W0COUSIN: {
    name: 'carol',
    'team_id': 'T0SISTER',
    'enterprise_user': { 'enterprise_id': enterprise },
  },
  // Of another organisation.
  W0RIVAL: {
    name: 'alice',
    'team_id': 'T0RIVAL',
    'enterprise_user': { 'enterprise_id': 'E0RIVAL' },
  },
  U0GONE: { name: 'bob', 'team_id': team.id, deleted: true },
}
/** Bots and the users behind them. */
export const bots: Readonly<Record<string, string>> = {
  B0BOT: bot.id,
  B0ROBOT: 'U0ROBOT',
  B0FAR: 'U0FARBOT',
}
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
