import type { Wording } from '../chat/wording.ts'
import type { WaitingMessage } from '../delivery/journal.ts'
import type { Outbox } from '../delivery/outbox.ts'
import type { Service } from './service.ts'

export type DeadLetterNoticeOptions = {
  /** `ST2CHATOPS_OPS_CHANNEL`: a channel, or `service:channel`. */
  readonly channel: string | undefined
  readonly services: () => readonly Service[]
  readonly outbox: Outbox
  readonly wording: Wording
  readonly newKey: () => string
}

/** Tells the operators' channel of a message that was given up, if there is such a channel and it is not the very one that failed. */
export const createDeadLetterNotice = (
  { channel: wanted, services, outbox, wording, newKey }: DeadLetterNoticeOptions,
): (letter: WaitingMessage, reason: string, advice: string) => void => {
  const place = (): { readonly service: string; readonly channel: string } | undefined => {
    if (wanted === undefined) return undefined
    const all = services()
    const named = all.find(({ name }) => wanted.startsWith(`${name}:`))
    if (named !== undefined) {
      return { service: named.name, channel: wanted.slice(named.name.length + 1) }
    }
    const [first] = all
    return first === undefined ? undefined : { service: first.name, channel: wanted }
  }

  return function notice({ number, service, message }, reason, advice) {
    const target = place()
    if (target === undefined) return
    if (target.service === service && target.channel === message.channel) return
    void outbox.announce(target.service, {
      key: newKey(),
      kind: 'failure',
      channel: target.channel,
      whisper: false,
      pretext: '',
      text: wording('dead-letter', {
        number,
        service,
        channel: message.channel,
        reason,
        advice,
        link: message.link,
      }),
      status: 'failed',
      extra: {},
    })
  }
}
