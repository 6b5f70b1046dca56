import type { Element } from './xml.ts'
import { ns } from './xml.ts'
import { ConnectionLost, ServerRefused } from '../../src/chat/connection-failures.ts'

/** Elements to and from a server, over one connection. */
export type Wire = {
  /** Whether nobody on the way can read along. */
  readonly isSecure: () => boolean
  /** Begins the stream, or begins it anew, and gives what the server offers now. Rejects as `next` does. */
  readonly begin: () => Promise<Element>
  /** Does nothing on a connection that has ended. */
  readonly send: (element: Element) => void
  /** The next element. Rejects with why the connection ended: `ConnectionLost` or `ServerRefused`. */
  readonly next: () => Promise<Element>
  /** From now on each element goes to `hear`, also those that nobody has fetched. */
  readonly listen: (hear: (element: Element) => void) => void
  /**
   * TLS on a connection that began without. Rejects with `ServerRefused` where something has come in that nobody has
   * fetched: it was readable and changeable on its way.
   */
  readonly secure: () => Promise<void>
  /** Says goodbye, and gives the server a moment to answer. */
  readonly close: () => Promise<void>
  /** Ends the connection without a word. */
  readonly cut: (why: Error) => void
  /** Settles with the reason when the connection is no more; never rejects. */
  readonly ended: Promise<Error>
}

/** Elements that came in and wait to be fetched, or go straight to whoever listens. */
export type Inbox = {
  readonly put: (element: Element) => void
  readonly end: (why: Error) => void
  /** Whether nothing waits. */
  readonly isEmpty: () => boolean
  readonly next: Wire['next']
  readonly listen: Wire['listen']
  readonly ended: Promise<Error>
}

export const createInbox = (): Inbox => {
  const waiting: Element[] = []
  const ended = Promise.withResolvers<Error>()
  let over: Error | undefined
  let hear: ((element: Element) => void) | undefined
  let asked: PromiseWithResolvers<Element> | undefined

  return {
    put: (element) => {
      if (over !== undefined) return
      if (hear !== undefined) return hear(element)
      const first = asked
      asked = undefined
      if (first === undefined) waiting.push(element)
      else first.resolve(element)
    },
    end: (why) => {
      over ??= why
      asked?.reject(over)
      asked = undefined
      ended.resolve(over)
    },
    isEmpty: () => waiting.length === 0,
    next: () => {
      const element = waiting.shift()
      if (element !== undefined) return Promise.resolve(element)
      if (over !== undefined) return Promise.reject(over)
      asked = Promise.withResolvers()
      return asked.promise
    },
    listen: (listener) => {
      hear = listener
      for (const element of waiting.splice(0)) listener(element)
    },
    ended: ended.promise,
  }
}

const advices: ReadonlyMap<string, string> = new Map([
  [
    'conflict',
    'Another program logs in with the same address: give each its own resource (HUBOT_XMPP_USERNAME=user@domain/resource), or its own account.',
  ],
  [
    'host-gone',
    'The server does not serve this domain any more: correct HUBOT_XMPP_USERNAME or HUBOT_XMPP_HOST.',
  ],
  [
    'host-unknown',
    'The server does not serve the domain of HUBOT_XMPP_USERNAME: correct it, or HUBOT_XMPP_HOST.',
  ],
  ['not-authorized', 'Correct HUBOT_XMPP_USERNAME and HUBOT_XMPP_PASSWORD.'],
  [
    'see-other-host',
    'Set HUBOT_XMPP_HOST (and HUBOT_XMPP_PORT) to the host that the server names.',
  ],
])

/** Why the server ends the stream (RFC 6120, section 4.9). */
export const streamError = (element: Element): Error => {
  const children = element.getChildElements()
  const condition = children.find((child) => child.getName() !== 'text')
  const name = condition?.getName() ?? 'undefined-condition'
  const words = element.getChild('text', ns.streamErrors)?.getText() || condition?.getText()
  const told = `The server ended the stream: ${name}${words ? ` (${words})` : ''}.`
  const advice = advices.get(name)
  return advice === undefined ? new ConnectionLost(told) : new ServerRefused(told, advice)
}
