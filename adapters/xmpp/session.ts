import type { Clock } from '../../src/clock.ts'
import { ConnectionLost } from '../../src/chat/connection-failures.ts'
import { StanzaRefused } from './failures.ts'
import { createGate } from './gate.ts'
import { type Jid, readJid } from './jid.ts'
import type { Negotiated } from './negotiate.ts'
import { errorOf, isStanza } from './stanza.ts'
import { createUnacknowledged } from './unacknowledged.ts'
import type { Wire } from './wire.ts'
import { within } from './within.ts'
import { type Element, ns, xml } from './xml.ts'

/** The bot at its server, over all the connections that it takes. */
export type Session = {
  /** Our full address; undefined before the first login. */
  readonly jid: () => Jid | undefined
  readonly isOpen: () => boolean
  /** When the connection was last lost, by the monotonic clock. */
  readonly lostAt: () => number
  /** Waits until stanzas can go; rejects when `signal` aborts. */
  readonly opened: (signal: AbortSignal) => Promise<void>
  /** Sends a stanza, now or on the stream that goes on. Throws `ConnectionLost` where there is no stream. */
  readonly send: (stanza: Element) => void
  /**
   * As `send`; settles when the server has handled the stanza. Rejects with `ConnectionLost` where nobody can know. One to a nick
   * is fleeting: when the connection has been away, somebody else may have it, and it is not sent again.
   */
  readonly deliver: (stanza: Element, isFleeting: boolean) => Promise<void>
  /** The answer to an IQ. Rejects with `StanzaRefused`, or `ConnectionLost` without an answer within `deadline` ms. */
  readonly ask: (
    type: 'get' | 'set',
    to: string | undefined,
    child: Element,
    deadline: number,
  ) => Promise<Element>
  /** Settles with the server's sign of life, whatever it says. Rejects with `ConnectionLost` without one within `deadline` ms. */
  readonly ping: (deadline?: number) => Promise<void>
  /** What to take the stream up again by. */
  readonly earlier: () => { readonly id: string; readonly handled: number } | undefined
  /**
   * Goes on over a wire. `life` aborts when the server has forgotten us: it outlives connections whose stream is taken
   * up again. Gives the life, and whether it is a new one.
   */
  readonly begin: (
    wire: Wire,
    how: Negotiated,
  ) => { readonly life: AbortSignal; readonly isNew: boolean }
  /** The wire is gone. */
  readonly pause: () => void
  /** Nobody will take the stream up again. */
  readonly end: () => void
}

export type SessionOptions = {
  readonly clock: Clock
  /** Messages, presences and the IQs of others. */
  readonly onStanza: (stanza: Element) => void
}

/** So many of our stanzas may go without a question whether they have arrived. */
const askAfter = 20

/** ms for an answer to a ping. */
const pingDeadline = 30_000

/** An IQ that is out. */
type Question = {
  readonly to: string | undefined
  readonly answer: PromiseWithResolvers<Element>
}

/**
 * Whether an answer comes from whom was asked, the server where nobody is named. It answers for our own account, too; and
 * who is asked in a room answers under the nick as the room writes it.
 */
const answers = (answer: Element, to: string | undefined, own: Jid | undefined): boolean => {
  const from = readJid(answer.attrs['from'])?.bare
  const asked = readJid(to)?.bare
  const isServer = asked === undefined || asked === own?.domain
  return from === asked ||
    (isServer && (from === undefined || from === own?.domain || from === own?.bare))
}

const request = (): Element => xml('r', { xmlns: ns.management })

export const createSession = ({ clock, onStanza }: SessionOptions): Session => {
  const out = createUnacknowledged()
  const asked = new Map<string, Question>()
  const gate = createGate()
  let wire: Wire | undefined
  let jid: Jid | undefined
  let managed = false
  let resumeBy: string | undefined
  let handled = 0
  let lostAt = clock.monotonic()
  let life = new AbortController()
  life.abort(new ConnectionLost('The bot is not logged in.'))

  const heardIq = (stanza: Element): boolean => {
    const type = stanza.attrs['type']
    if (type !== 'result' && type !== 'error') return false
    const question = asked.get(stanza.attrs['id'] ?? '')
    if (question === undefined || !answers(stanza, question.to, jid)) return true
    const error = errorOf(stanza)
    if (error === undefined) question.answer.resolve(stanza)
    else question.answer.reject(error)
    return true
  }

  const take = (stanza: Element): void => {
    if (!stanza.is('iq') || !heardIq(stanza)) onStanza(stanza)
  }

  /** XEP-0198, section 4: a server that has handled what was never sent and we do not mean the same stream. */
  const miscounted = (by: Wire | undefined): void =>
    by?.cut(new ConnectionLost('The server has miscounted the messages of the bot.'))

  const hear = (element: Element): void => {
    if (isStanza(element)) {
      handled = (handled + 1) >>> 0
      take(element)
    } else if (element.is('r', ns.management)) {
      wire?.send(xml('a', { xmlns: ns.management, h: String(handled) }))
    } else if (managed && element.is('a', ns.management)) {
      if (!out.acknowledge(Number(element.attrs['h'] ?? Number.NaN))) miscounted(wire)
    }
  }

  const put = (
    stanza: Element,
    settled: { handled: () => void; lost: (why: Error) => void; isFleeting?: boolean },
  ): Wire => {
    if (wire === undefined) throw new ConnectionLost('The bot is not connected to its XMPP server.')
    if (managed) out.add({ stanza, isFleeting: false, ...settled })
    wire.send(stanza)
    if (managed && out.size() % askAfter === 0) wire.send(request())
    return wire
  }

  const ask: Session['ask'] = async (type, to, child, deadline) => {
    const id = Bun.randomUUIDv7()
    const answer = Promise.withResolvers<Element>()
    asked.set(id, { to, answer })
    try {
      put(xml('iq', { type, id, ...(to !== undefined && { to }) }, child), {
        handled: () => {},
        lost: answer.reject,
      })
      const given = await within(answer.promise, deadline, clock)
      if (given !== 'late') return given
      throw new ConnectionLost(`${to ?? 'The server'} did not answer within ${deadline / 1000} s.`)
    } finally {
      answer.promise.catch(() => {})
      asked.delete(id)
    }
  }

  const ping: Session['ping'] = async (deadline = pingDeadline) => {
    await ask('get', jid?.domain, xml('ping', { xmlns: ns.ping }), deadline).catch((error) => {
      // An error is an answer as well.
      if (!(error instanceof StanzaRefused)) throw error
    })
  }

  const endLife = (why: Error): void => {
    out.giveUp(why)
    for (const { answer } of asked.values()) answer.reject(why)
    asked.clear()
    life.abort(why)
  }

  return {
    jid: () => jid,
    isOpen: () => wire !== undefined,
    lostAt: () => lostAt,
    opened: async (signal) => {
      signal.throwIfAborted()
      if (wire === undefined) await gate.wait(signal)
    },
    send: (stanza) => void put(stanza, { handled: () => {}, lost: () => {} }),
    deliver: async (stanza, isFleeting) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const by = put(stanza, { handled: resolve, lost: reject, isFleeting })
      if (managed) {
        by.send(request())
        return await promise
      }
      // Servers handle stanzas in their order: an answer to this comes behind the message.
      await ping()
    },
    ask,
    ping,
    earlier: () => resumeBy === undefined ? undefined : { id: resumeBy, handled },
    begin: (next, how) => {
      const isNew = how.kind === 'new'
      const isRight = how.handled === undefined || out.acknowledge(how.handled)
      if (!isRight && !isNew) {
        resumeBy = undefined
        miscounted(next)
      }
      if (isNew) {
        endLife(new ConnectionLost('The connection was lost, and the server had forgotten it.'))
        life = new AbortController()
        jid = how.jid
        managed = how.management !== undefined
        resumeBy = how.management?.id
        handled = 0
      }
      wire = next
      if (!isNew) {
        for (const stanza of out.rest()) next.send(stanza)
        if (out.size() > 0) next.send(request())
      }
      // What came before the server began to count is not counted.
      if (how.kind === 'new') { for (const stanza of how.early) take(stanza) }
      next.listen(hear)
      gate.open()
      return { life: life.signal, isNew }
    },
    pause: () => {
      // An attempt that came to nothing has lost nothing.
      if (wire !== undefined) lostAt = clock.monotonic()
      wire = undefined
      if (resumeBy === undefined) endLife(new ConnectionLost('The connection was lost.'))
    },
    end: () => {
      wire = undefined
      resumeBy = undefined
      endLife(new ConnectionLost('The bot has left.'))
    },
  }
}
