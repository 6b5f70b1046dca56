import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  replacementForCertificates,
  restartMark,
  takeOverEnvironment,
} from '../../src/config/process.ts'
import { haveOpenssl, selfSigned } from '../fakes/certificate.ts'

describe('the environment', () => {
  test('is copied, and what Bun would apply to everything is taken out', () => {
    const live = {
      PATH: '/bin',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      'https_proxy': 'http://p',
      NO_PROXY: '*',
    }
    const before = { ...live }
    expect(takeOverEnvironment(live)).toEqual(before)
    expect(live as Record<string, string>).toEqual({ PATH: '/bin' })
  })
})

describe('a process that has to start anew', () => {
  const running = {
    execPath: '/usr/bin/st2chatops',
    execArgv: [],
    argv: ['bun', '/$bunfs/root/st2chatops', 'run'],
  }

  test('only when the env file names certificates that the start has not seen, and only once', () => {
    expect(replacementForCertificates(undefined, {}, running)).toBeUndefined()
    expect(replacementForCertificates('/c', { NODE_EXTRA_CA_CERTS: '/c' }, running)).toBeUndefined()
    expect(replacementForCertificates('/c', { [restartMark]: '1' }, running)).toBeUndefined()
    expect(replacementForCertificates('/c', { A: '1', B: undefined }, running)).toEqual({
      file: '/usr/bin/st2chatops',
      args: ['/usr/bin/st2chatops', 'run'],
      environment: { A: '1', NODE_EXTRA_CA_CERTS: '/c', [restartMark]: '1' },
    })
  })

  test('as a script it keeps the script and the flags of Bun', () => {
    const script = { execPath: '/bun', execArgv: ['--smol'], argv: ['/bun', '/main.ts', 'run'] }
    expect(replacementForCertificates('/c', {}, script)?.args).toEqual([
      '/bun',
      '--smol',
      '/main.ts',
      'run',
    ])
  })
})

/** Asks an HTTPS server in a fresh process, where the environment at start counts. */
describe.skipIf(!haveOpenssl)('in a real process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'st2chatops-process-'))
  const certificate = join(folder, 'cert.pem')
  let server: Bun.Server<undefined>
  beforeAll(() => {
    const { cert, key } = selfSigned('localhost')
    writeFileSync(certificate, cert)
    server = Bun.serve({ port: 0, tls: { cert, key }, fetch: () => new Response('hello') })
  })
  afterAll(async () => {
    await server.stop(true)
    rmSync(folder, { recursive: true })
  })

  const script = `
    import { reexecForCertificates, takeOverEnvironment } from ${
    JSON.stringify(join(import.meta.dir, '../../src/config/process.ts'))
  }
    const environment = takeOverEnvironment()
    reexecForCertificates(process.argv[3], environment)
    const ask = (init) => fetch(process.argv[2], init).then((answer) => answer.text(), (error) => error.code)
    const socket = new Promise((resolve) => {
      const socket = new WebSocket(process.argv[2].replace('https', 'wss'))
      socket.onopen = () => resolve('open')
      socket.onerror = (event) => resolve(/self.signed/i.test(event.message) ? 'refused' : 'trusted')
    })
    console.log(JSON.stringify({
      pid: process.pid,
      plain: await ask(),
      lenient: await ask({ tls: { rejectUnauthorized: false } }),
      socket: await socket,
    }))
    process.exit()`
  const run = async (environment: Record<string, string>, ...more: string[]) => {
    const path = join(folder, 'ask.ts')
    writeFileSync(path, script)
    const child = Bun.spawn([
      process.execPath,
      path,
      server.url.href.replace('127.0.0.1', 'localhost'),
      ...more,
    ], {
      env: environment,
      stdout: 'pipe',
      stderr: 'inherit',
    })
    const said = JSON.parse(await new Response(child.stdout).text())
    return { ...said, pid: said.pid === child.pid ? 'kept' : 'changed' }
  }

  test('NODE_TLS_REJECT_UNAUTHORIZED=0 reaches no connection that is not told', async () => {
    expect(await run({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toEqual({
      pid: 'kept',
      plain: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      lenient: 'hello',
      socket: 'refused',
    })
  }, 60_000)

  test('certificates that the env file names are trusted, under the same process id', async () => {
    expect(await run({}, certificate)).toMatchObject({
      pid: 'kept',
      plain: 'hello',
      socket: 'trusted',
    })
  }, 60_000)
})
