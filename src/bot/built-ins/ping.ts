import type { BuiltIn } from './index.ts'

/** `ping`: whether the bot hears and speaks. */
export const ping: BuiltIn = async ({ reply }, service, message) => {
  await reply.words(service, message, 'pong', {})
}
