import { shorten } from '../chat/plain.ts'
import { render } from '../chat/render.ts'
import type { OutgoingMessage } from '../chat/message.ts'
import type { Wording } from '../chat/wording.ts'
import type { Outbox } from '../delivery/outbox.ts'
import type { Log } from '../log.ts'
import type { Announcement } from '../stackstorm/announcement.ts'
import type { Meter } from './meter.ts'
import type { OpenExecutions } from './open-executions.ts'
import { type Origin, readOrigin, sourceChannel } from './origin.ts'
import type { Service } from './service.ts'

/** Brings one announcement to its chat service. Never rejects; settles when the message is sent or reported. */
export type Announce = (announcement: Announcement) => Promise<void>

export type AnnouncementsOptions = {
  readonly services: () => readonly Service[]
  readonly open: OpenExecutions
  readonly outbox: Outbox
  readonly wording: Wording
  readonly log: Log
  readonly meter: Meter
  readonly executionLink: (id: string) => string
  /** `ST2_MAX_MESSAGE_LENGTH`, in UTF-16 units: for services without attachments; 0 is no limit. */
  readonly maxLength: number
  readonly newKey: () => string
}

type Place = { readonly service: Service; readonly channel: string; readonly thread?: string }

/**
 * The way of a result: where it belongs, what it says, and out. A result whose command is still being handed over to
 * StackStorm waits for its acknowledgement; all others are posted in the order in which they come.
 */
export const createAnnouncements = (options: AnnouncementsOptions): Announce => {
  const { services, open, outbox, wording, log, meter, executionLink, maxLength, newKey } = options

  /**
   * A result of a command goes back to where that was typed, thread and all. Where a workflow names another channel, or nobody
   * typed anything, the channel that StackStorm names counts: `irc:#ops` names the service as well.
   */
  const place = (announcement: Announcement, origin: Origin | undefined): Place | undefined => {
    const all = services()
    const named = all.find(({ name }) => announcement.channel.startsWith(`${name}:`))
    const service = all.find(({ name }) => name === origin?.service) ?? named ?? all[0]
    if (service === undefined) return undefined
    const typedHere = origin?.service === service.name &&
      announcement.channel === sourceChannel(origin.channel)
    if (origin !== undefined && typedHere) {
      return {
        service,
        channel: origin.channel,
        ...(origin.thread !== undefined && { thread: origin.thread }),
      }
    }
    const channel = service === named
      ? announcement.channel.slice(service.name.length + 1)
      : announcement.channel
    return { service, channel }
  }

  const compose = (
    announcement: Announcement,
    origin: Origin | undefined,
    { service, channel, thread }: Place,
    execution: string | undefined,
  ): OutgoingMessage => {
    const { name, aliases, features } = service.definition
    const link = execution === undefined ? undefined : executionLink(execution)
    const message = features.attachments
      ? announcement.message
      : shorten(announcement.message, maxLength, link)
    return {
      key: newKey(),
      kind: 'result',
      channel,
      whisper: announcement.whisper,
      ...render({ message, extra: announcement.extra }, [name, ...aliases]),
      ...(thread !== undefined && { thread }),
      ...(announcement.user !== undefined && { user: spokenTo(announcement.user, origin) }),
      ...(link !== undefined && { link }),
    }
  }

  /** A private answer never goes public: the channel learns that there is one, not what it says. */
  const refuseWhisper = (message: OutgoingMessage, service: Service): OutgoingMessage => {
    log.error('A private answer was not posted: there is no private way to give it.', {
      service: service.name,
      channel: message.channel,
      user: message.user?.name,
    })
    return {
      key: message.key,
      kind: 'failure',
      channel: message.channel,
      ...(message.thread !== undefined && { thread: message.thread }),
      whisper: false,
      pretext: '',
      text: wording('private-refused', { user: message.user?.name, link: message.link }),
      extra: {},
    }
  }

  return async function announce(announcement) {
    const origin = readOrigin(announcement.context)
    const handOver = origin === undefined ? undefined : open.handOver(origin.correlation)
    if (handOver !== undefined) await handOver
    const execution = origin === undefined ? undefined : open.announced(origin.correlation)
    const target = place(announcement, origin)
    if (target === undefined || target.channel === '') {
      meter.announcement('no-channel')
      log.error('An announcement names no channel and was not posted.', {
        route: announcement.route,
        advice: 'Give chatops.post_message a channel.',
      })
      return
    }
    const message = compose(announcement, origin, target, execution)
    const possible = !message.whisper ||
      (message.user !== undefined && target.service.definition.features.private)
    meter.announcement('posted')
    await outbox.post(
      target.service.name,
      possible ? message : refuseWhisper(message, target.service),
    )
  }
}

/** StackStorm knows a person by name alone; whoever typed the command is known by id as well. */
const spokenTo = (name: string, origin: Origin | undefined): OutgoingMessage['user'] & object =>
  origin?.user.name === name ? origin.user : { name }
