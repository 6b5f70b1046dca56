import type { BenchAliases } from '../aliases.ts'
import type { Session } from '../session.ts'
import type { Order } from '../wire.ts'

/** ms after which something that should have come never will. */
const patience = 180_000

const waitFor = async <Value>(what: string, promise: Promise<Value>): Promise<Value> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come.`)), patience)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

let messages = 0

/** Something that a person types. */
export const say = (text: string, channel = 'general'): Order => ({
  kind: 'say',
  id: `message-${++messages}`,
  channel,
  text,
})

/**
 * Types commands one by one: each when the last was acknowledged. Gives the ms from the message to the arrival of its request at
 * StackStorm.
 */
export const oneByOne = async (
  session: Session,
  aliases: BenchAliases,
  count: number,
): Promise<readonly number[]> => {
  const times: number[] = []
  for (let at = 0; at < count; at++) {
    let asked = NaN
    await waitFor(
      'An acknowledgement',
      new Promise<void>((resolve) => {
        session.onExecution((execution) => {
          asked = execution.at
        })
        session.onReport((report) => {
          if (report.kind === 'post') resolve()
        })
        const order = say(`!${aliases.command(at * 37)}`)
        times.push(performance.now())
        session.say([order])
      }),
    )
    times[at] = asked - (times[at] ?? NaN)
  }
  return times
}

/**
 * Types all commands at once and waits for an answer to each. Gives how many reached StackStorm, and the ms to the last one: a bot may fail
 * to send some.
 */
export const allAtOnce = async (
  session: Session,
  aliases: BenchAliases,
  count: number,
): Promise<{ readonly asked: number; readonly ms: number }> => {
  const orders = Array.from({ length: count }, (_, at) => say(`!${aliases.command(at * 37)}`))
  let began = 0
  let lastAsked = 0
  let asked = 0
  let answered = 0
  const done = new Promise<void>((resolve) => {
    session.onExecution(({ at }) => {
      asked++
      lastAsked = at
    })
    session.onReport((report) => {
      if (report.kind !== 'post') return
      if (++answered === count) resolve()
    })
  })
  began = performance.now()
  session.say(orders)
  await waitFor(`${count} answers`, done)
  return { asked, ms: lastAsked - began }
}

/** us for one of many messages that the bot takes in. */
export const flood = async (
  session: Session,
  { text, count, answered }: Omit<Order & { readonly kind: 'flood' }, 'kind'>,
): Promise<number> => {
  const done = new Promise<number>((resolve) => {
    session.onReport((report) => {
      if (report.kind === 'flooded') resolve(report.ms)
    })
  })
  session.say([{ kind: 'flood', text, count, answered }])
  return await waitFor('The end of a flood', done) / count * 1000
}

const payload = (number: number, channel: string) => ({
  user: 'alice',
  channel,
  whisper: false,
  message: `result ${number}: the backup of db1.example.com took 12.5 s and wrote 1,204 files`,
  context: { id: `m${number}`, user: { name: 'alice' } },
  extra: {},
})

let events = 0

/** StackStorm announces results one by one. Gives ms from the event to the post. */
export const resultsOneByOne = async (
  session: Session,
  announce: (payloads: readonly Readonly<Record<string, unknown>>[]) => void,
  count: number,
): Promise<readonly number[]> => {
  const times: number[] = []
  for (let at = 0; at < count; at++) {
    const number = ++events
    const posted = new Promise<number>((resolve) => {
      session.onReport((report, time) => {
        if (report.kind === 'post' && report.text.includes(`result ${number}:`)) resolve(time)
      })
    })
    const began = performance.now()
    announce([payload(number, 'general')])
    times.push(await waitFor('A result', posted) - began)
  }
  return times
}

/** StackStorm announces many results at once, to 20 channels. Gives ms to the last post, and whether each channel had its order. */
export const resultsAtOnce = async (
  session: Session,
  announce: (payloads: readonly Readonly<Record<string, unknown>>[]) => void,
  count: number,
): Promise<{ readonly ms: number; readonly ordered: boolean }> => {
  const last = new Map<string, number>()
  let ordered = true
  let posted = 0
  const done = new Promise<number>((resolve) => {
    session.onReport((report, at) => {
      if (report.kind !== 'post') return
      const number = Number(/result (\d+):/.exec(report.text)?.[1])
      if (number <= (last.get(report.channel) ?? 0)) ordered = false
      last.set(report.channel, number)
      if (++posted === count) resolve(at)
    })
  })
  const payloads = Array.from({ length: count }, () => {
    const number = ++events
    return payload(number, `channel${number % 20}`)
  })
  const began = performance.now()
  announce(payloads)
  return { ms: await waitFor(`${count} results`, done) - began, ordered }
}

/** The longest time, in ms, that the bot's event loop stands still while `work` is done. */
export const stallDuring = async (session: Session, work: () => Promise<void>): Promise<number> => {
  session.say([{ kind: 'watch' }])
  await Bun.sleep(20)
  await work()
  const told = new Promise<number>((resolve) => {
    session.onReport((report) => {
      if (report.kind === 'watched') resolve(report.stall)
    })
  })
  session.say([{ kind: 'unwatch' }])
  return await waitFor('The watch', told)
}
