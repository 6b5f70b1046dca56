import {
  type Announcement,
  AnnouncementProblem,
  readAnnouncement,
} from '../stackstorm/announcement.ts'
import { noChannel } from './announcements.ts'
import { stockRoute } from './listen.ts'
import { readOrigin } from './origin.ts'

/**
 * Reads an announcement that came by another way than the stream. Throws AnnouncementProblem on one that cannot be posted: whoever sent
 * it is still there to hear of that.
 */
export const readPosted = (payload: unknown): Announcement => {
  const announcement = readAnnouncement(`st2.announcement__${stockRoute}`, { payload })
  if (announcement.channel === '' && readOrigin(announcement.context) === undefined) {
    throw new AnnouncementProblem(`${noChannel} Give it the field "channel".`)
  }
  return announcement
}
