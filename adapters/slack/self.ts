import * as v from 'valibot'

/** Who the bot is in Slack. */
export type Self = {
  readonly id: string
  readonly name: string
  /** None: a mention of the bot is taken out of the text. */
  readonly mentions: readonly []
  readonly botId?: string | undefined
  readonly team: string
  /** The organisation around the workspace (Enterprise Grid). */
  readonly enterprise?: string | undefined
  readonly teamName: string
}

/** Before Slack has told. */
export const nobody: Self = { id: '', name: '', mentions: [], team: '', teamName: '' }

/** The answer to `auth.test`. */
export const selfAnswer = v.pipe(
  v.object({
    'user_id': v.string(),
    user: v.string(),
    'team_id': v.string(),
    team: v.optional(v.string(), ''),
    'bot_id': v.optional(v.string()),
    'enterprise_id': v.fallback(v.optional(v.string()), undefined),
    'response_metadata': v.optional(v.object({ scopes: v.optional(v.array(v.string())) })),
  }),
  v.transform((answer) => ({
    self: {
      id: answer['user_id'],
      name: answer.user,
      mentions: [],
      botId: answer['bot_id'],
      team: answer['team_id'],
      enterprise: answer['enterprise_id'],
      teamName: answer.team,
    } satisfies Self,
    /** What the token may do, where Slack says so. */
    scopes: answer['response_metadata']?.scopes ?? [],
  })),
)
