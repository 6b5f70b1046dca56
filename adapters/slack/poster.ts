import * as v from 'valibot'
import type { Log } from '../../src/log.ts'
import type { Post } from './compose.ts'
import { SlackRefused } from './failures.ts'
import type { Target } from './target.ts'
import { anyAnswer, type SlackWeb } from './web.ts'

/** The calls that put something into a channel. All reject as the Web API does. */
export type Poster = {
  /** The timestamp of the message. */
  readonly post: (target: Target, post: Post) => Promise<string>
  /** Takes the content of a file to Slack, where it is in no channel yet; its id. */
  readonly upload: (content: string) => Promise<string>
  /** Shows an uploaded file in a channel. */
  readonly share: (target: Target, file: string) => Promise<void>
}

const posted = v.pipe(
  v.union([v.object({ ts: v.string() }), v.object({ 'message_ts': v.string() })]),
  v.transform((answer) => 'ts' in answer ? answer.ts : answer['message_ts']),
)
const uploadAnswer = v.object({ 'upload_url': v.string(), 'file_id': v.string() })

const fileName = 'result.txt'

export const createPoster = (web: SlackWeb, log: Log): Poster => ({
  post: async ({ channel, thread, onlyFor }, { text, attachments, more }) => {
    const args = {
      channel,
      text,
      ...(attachments !== undefined && { attachments }),
      ...(thread !== undefined && { 'thread_ts': thread }),
      ...(onlyFor !== undefined && { user: onlyFor }),
    }
    const method = onlyFor === undefined ? 'chat.postMessage' : 'chat.postEphemeral'
    try {
      return await web.call(method, { ...more, ...args }, posted)
    } catch (error) {
      const dressed = ['username', 'icon_emoji', 'icon_url'].some((key) => key in more)
      if (!dressed || !(error instanceof SlackRefused) || error.code !== 'missing_scope') {
        throw error
      }
      log.warn('Slack lets the bot not choose name and icon of a message; it goes out without.', {
        advice: 'Add the scope chat:write.customize to the app.',
      })
      return await web.call(method, args, posted)
    }
  },
  upload: async (content) => {
    const length = Buffer.byteLength(content)
    const { upload_url: url, file_id: id } = await web.call(
      'files.getUploadURLExternal',
      { filename: fileName, length },
      uploadAnswer,
    )
    await web.upload(url, content)
    return id
  },
  share: async ({ channel, thread }, file) => {
    await web.call('files.completeUploadExternal', {
      files: JSON.stringify([{ id: file, title: fileName }]),
      'channel_id': channel,
      ...(thread !== undefined && { 'thread_ts': thread }),
    }, anyAnswer)
  },
})
