import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createNotifier, watchdogInterval } from '../../src/ops/systemd.ts'
import { sendDatagram } from '../../src/ops/unix-datagram.ts'

/** A notifier whose datagrams a test reads. */
const setUp = (socket: string | undefined = '/run/notify') => {
  const sent: (readonly [string, string])[] = []
  const notifier = createNotifier({
    socket,
    send: (path, message) => {
      sent.push([path, message])
      return true
    },
  })
  return { notifier, sent }
}

describe('what systemd is told', () => {
  test('are assignments, one a line', () => {
    const { notifier, sent } = setUp()
    notifier.ready('Ready: slack')
    notifier.status('Not ready:\nREADY=1')
    notifier.reloading()
    notifier.watchdog()
    notifier.stopping('Finishing 2 messages')
    expect(sent.map(([, message]) => message)).toEqual([
      'READY=1\nSTATUS=Ready: slack',
      'STATUS=Not ready: READY=1',
      'RELOADING=1',
      'WATCHDOG=1',
      'STOPPING=1\nSTATUS=Finishing 2 messages',
    ])
  })

  test('is nothing where nobody listens', () => {
    const sent: string[] = []
    const send = (_path: string, message: string) => sent.push(message) > 0
    createNotifier({ socket: undefined, send }).ready()
    createNotifier({ socket: '', send }).ready()
    expect(sent).toEqual([])
  })

  test('comes twice as often as the watchdog wants', () => {
    expect(watchdogInterval('2000000')).toBe(1_000)
    expect(watchdogInterval(undefined)).toBeUndefined()
    expect(watchdogInterval('0')).toBeUndefined()
    expect(watchdogInterval('soon')).toBeUndefined()
  })
})

describe.skipIf(Bun.which('python3') === null)('a datagram', () => {
  const folders: string[] = []
  const children: Bun.Subprocess[] = []
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill()
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })))
  })

  /** Neither Bun nor Node can read a Unix datagram: a line of Python does, which gives the next line of text. */
  const listen = async (path: string) => {
    const name = path.startsWith('@') ? `'\\0${path.slice(1)}'` : `'${path}'`
    const code = `import socket; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(${name}); print('listening', flush=True); print(s.recv(4096).decode(), flush=True)`
    const child = Bun.spawn(['python3', '-c', code], { stdout: 'pipe', stderr: 'ignore' })
    children.push(child)
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const nextLine = async (): Promise<string> => {
      while (!text.includes('\n')) {
        const { value, done } = await reader.read()
        if (done) throw new Error(`Python ended after: ${text}`)
        text += value
      }
      const [line = '', ...rest] = text.split('\n')
      text = rest.join('\n')
      return line
    }
    expect(await nextLine()).toBe('listening')
    return nextLine
  }

  test('reaches a socket in the file system', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'notify-'))
    folders.push(folder)
    const path = join(folder, 'socket')
    const received = await listen(path)
    expect(sendDatagram(path, 'READY=1')).toBe(true)
    expect(await received()).toBe('READY=1')
  })

  test('reaches an abstract socket', async () => {
    const path = `@st2chatops-test-${randomUUID()}`
    const received = await listen(path)
    expect(sendDatagram(path, 'STATUS=Grüße')).toBe(true)
    expect(await received()).toBe('STATUS=Grüße')
  })
})

test('a datagram to nobody, or to a path that is too long, is a plain no', () => {
  expect(sendDatagram(join(tmpdir(), 'nobody-listens-here'), 'x')).toBe(false)
  expect(sendDatagram(`/${'x'.repeat(200)}`, 'x')).toBe(false)
  expect(sendDatagram('', 'x')).toBe(false)
})
