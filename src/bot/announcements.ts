import { shorten } from '../chat/plain.ts'
import { render } from '../chat/render.ts'
import type { OutgoingMessage } from '../chat/message.ts'
import type { Wording } from '../chat/wording.ts'
import type { Delivery } from '../delivery/delivery.ts'
import { fingerprint } from '../delivery/fingerprint.ts'
import type { AcceptedAnnouncement } from '../delivery/journal.ts'
import type { Log } from '../log.ts'
import type { Announcement } from '../stackstorm/announcement.ts'
import type { IsForeign } from './foreign.ts'
import type { Meter } from './meter.ts'
import type { OpenExecutions } from './open-executions.ts'
import { type Origin, readOrigin, sourceChannel } from './origin.ts'
import type { Service } from './service.ts'

/** What a search in StackStorm's executions knows of an announcement, and the stream does not tell. */
export type Found = {
  /** The id of the execution that announced it. */
  readonly execution: string
  /** When it ended, ms since 1970, by StackStorm's clock. */
  readonly at: number
}

/** Brings one announcement on its way to its chat service. Settles when it is written down. */
export type Announce = (announcement: Announcement, found?: Found) => Promise<void>

export type AnnouncementsOptions = {
  readonly services: () => readonly Service[]
  readonly open: OpenExecutions
  readonly delivery: Delivery
  readonly isForeign: IsForeign
  readonly executionOf: (correlation: string) => string | undefined
  /** ms since 1970 by StackStorm's clock. */
  readonly serverTime: () => number
  readonly wording: Wording
  readonly log: Log
  readonly meter: Meter
  readonly executionLink: (id: string) => string
  /** `ST2_MAX_MESSAGE_LENGTH`, in UTF-16 units: for services without attachments; 0 is no limit. */
  readonly maxLength: number
  readonly newKey: () => string
}

/** Why an announcement without a channel goes nowhere. */
export const noChannel = 'The announcement names no channel.'

/** The service in `irc:#ops`. */
const namedIn = (channel: string, services: readonly Service[]): Service | undefined => {
  const end = channel.indexOf(':')
  return end < 0 ? undefined : services.find(({ name }) => channel.startsWith(`${name}:`))
}

type Place = { readonly service: Service; readonly channel: string; readonly thread?: string }

/**
 * The way of a result: where it belongs, what it says, and out. A result whose command is still being handed over to
 * StackStorm waits for its acknowledgement; all others are posted in the order in which they come.
 */
export const createAnnouncements = (options: AnnouncementsOptions): Announce => {
  const { services, open, delivery, wording, log, meter, maxLength } = options

  /**
   * A result of a command goes back to where that was typed, thread and all. Where a workflow names another channel, or nobody
   * typed anything, the channel that StackStorm names counts: `irc:#ops` names the service as well.
   */
  const place = (announcement: Announcement, origin: Origin | undefined): Place | undefined => {
    const all = services()
    const named = namedIn(announcement.channel, all)
    // A command of a service that is not here has its result with no other.
    const own = origin === undefined ? all[0] : all.find(({ name }) => name === origin.service)
    const service = named ?? own
    if (service === undefined) return undefined
    const typedHere = origin?.service === service.name &&
      (announcement.channel === '' || announcement.channel === sourceChannel(origin.channel))
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
    const link = execution === undefined ? undefined : options.executionLink(execution)
    const message = service.definition.features.attachments
      ? announcement.message
      : shorten(announcement.message, maxLength, link)
    const { pretext, text, status, extra } = render(
      { message, extra: announcement.extra },
      service.spellings,
    )
    const { user } = announcement
    return {
      key: options.newKey(),
      kind: 'result',
      channel,
      ...(thread !== undefined && { thread }),
      ...(user !== undefined && { user: spokenTo(user, origin) }),
      whisper: announcement.whisper,
      pretext,
      text,
      ...(status !== undefined && { status }),
      extra,
      ...(execution !== undefined && { execution }),
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

  /** Its chat service is not connected: it waits for that, or becomes a dead letter where there is no such service any more. */
  const keepForAbsent = async (
    announcement: Announcement,
    origin: Origin,
    found: Found | undefined,
  ): Promise<void> => {
    await delivery.accept({
      hash: fingerprint(announcement),
      source: found === undefined ? 'stream' : 'search',
      execution: found?.execution,
      correlation: origin.correlation,
      service: origin.service,
      message: {
        key: options.newKey(),
        kind: 'result',
        channel: origin.channel,
        ...(origin.thread !== undefined && { thread: origin.thread }),
        user: origin.user,
        whisper: announcement.whisper,
        ...render(announcement, [origin.service]),
      },
      at: found?.at ?? options.serverTime(),
    })
  }

  const bring = async (
    announcement: Announcement,
    origin: Origin | undefined,
    found: Found | undefined,
  ): Promise<void> => {
    if (options.isForeign(announcement, origin)) return meter.announcement('foreign')
    const target = place(announcement, origin)
    if (target === undefined) {
      if (origin !== undefined) await keepForAbsent(announcement, origin, found)
      return
    }
    const correlation = origin?.correlation
    if (correlation !== undefined) open.announced(correlation)
    const execution = correlation === undefined ? undefined : options.executionOf(correlation)
    const message = compose(announcement, origin, target, execution)
    const { service } = target
    const possible = !message.whisper ||
      (message.user !== undefined && service.definition.features.private)
    const accepted: AcceptedAnnouncement = {
      hash: fingerprint(announcement),
      source: found === undefined ? 'stream' : 'search',
      execution: found?.execution,
      correlation,
      service: service.name,
      message: possible ? message : refuseWhisper(message, service),
      at: found?.at ?? options.serverTime(),
    }
    const isNew = target.channel === ''
      ? await delivery.refuse(
        accepted,
        noChannel,
        'Give chatops.post_message the parameter "channel".',
      )
      : await delivery.accept(accepted)
    meter.announcement(isNew ? 'accepted' : 'known')
  }

  return function announce(announcement, found) {
    const origin = readOrigin(announcement.context)
    const handOver = origin === undefined ? undefined : open.handOver(origin.correlation)
    return handOver === undefined
      ? bring(announcement, origin, found)
      : handOver.then(() => bring(announcement, origin, found))
  }
}

/** StackStorm knows a person by name alone; whoever typed the command is known by id as well. */
const spokenTo = (name: string, origin: Origin | undefined): OutgoingMessage['user'] & object =>
  origin?.user.name === name ? origin.user : { name }
