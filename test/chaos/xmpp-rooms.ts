import { conference } from '../fakes/xmpp/server.ts'

/** The recorder's channels as rooms. */
export const roomOf = (channel: string): string => `${channel}@${conference}`
