import * as v from 'valibot'
import type { Self } from './self.ts'

/** Somebody as Slack describes them. */
export type Person = {
  readonly id: string
  /** Unique among the people of one workspace, and of no more than that. */
  readonly handle: string
  /** The workspace that the account belongs to. */
  readonly team?: string | undefined
  /** The organisation around the workspace, where there is one (Enterprise Grid). */
  readonly enterprise?: string | undefined
  /** From another workspace, by Slack's own word. */
  readonly stranger: boolean
  /** The account is closed; its handle may be somebody else's by now. */
  readonly gone: boolean
}

const text = v.fallback(v.optional(v.string()), undefined)
const flag = v.fallback(v.optional(v.boolean(), false), false)

/** A user object of `users.info` and `users.list`. */
export const personSchema = v.pipe(
  v.object({
    id: v.string(),
    name: v.string(),
    'team_id': text,
    'enterprise_id': text,
    'enterprise_user': v.fallback(v.optional(v.object({ 'enterprise_id': text })), undefined),
    'is_stranger': flag,
    deleted: flag,
  }),
  v.transform((user): Person => ({
    id: user.id,
    handle: user.name,
    team: user['team_id'],
    enterprise: user['enterprise_user']?.['enterprise_id'] ?? user['enterprise_id'],
    stranger: user['is_stranger'],
    gone: user.deleted,
  })),
)

/**
 * Whether somebody belongs to the bot's own workspace or organisation. In a channel that is shared with others (Slack Connect)
 * people of theirs talk as well, and whatever handle they have there, it is not that of a colleague here.
 *
 * @param said the workspace that the event names, where there was one: it may never speak for somebody, only against
 */
export const isColleague = (self: Self, person: Person, said?: string): boolean => {
  if (person.stranger) return false
  const { enterprise } = person
  if (self.enterprise !== undefined && enterprise !== undefined) {
    return enterprise === self.enterprise
  }
  return [person.team, said].every((home) =>
    home === undefined || home === self.team || home === self.enterprise
  )
}
