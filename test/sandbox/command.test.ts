import { describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExitCode, Io } from '../../src/cli/io.ts'
import { sandbox, type SandboxCommandOptions } from '../../src/cli/sandbox.ts'

/** Runs the subcommand until the test stops it, and collects what it says. */
const start = (options: SandboxCommandOptions) => {
  let text = ''
  let waiting: { part: string; resolve: () => void }[] = []
  const stderr = {
    write: (chunk: string) => {
      text += chunk
      for (const one of waiting.filter(({ part }) => text.includes(part))) one.resolve()
      waiting = waiting.filter(({ part }) => !text.includes(part))
      return true
    },
  }
  const controller = new AbortController()
  const done: Promise<ExitCode> = sandbox(
    options,
    { stderr } as unknown as Io,
    controller.signal,
  )
  return {
    text: () => text,
    until: (part: string) =>
      new Promise<void>((resolve) => {
        if (text.includes(part)) return resolve()
        waiting.push({ part, resolve })
      }),
    stop: () => {
      controller.abort()
      return done
    },
    done,
  }
}

const variable = (text: string, name: string): string =>
  new RegExp(`^export ${name}=(.*)$`, 'm').exec(text)?.[1] ?? ''

describe('st2chatops sandbox', () => {
  test('says how a bot reaches it, and serves the packs of the demo', async () => {
    const command = start({})
    await command.until('aliases in')
    const key = variable(command.text(), 'ST2_API_KEY')
    const response = await fetch(
      `${variable(command.text(), 'ST2_API_URL')}/v1/actionalias?name=remote_shell_cmd`,
      { headers: { 'St2-Api-Key': key } },
    )
    expect(await response.json()).toMatchObject([{ ref: 'examples.remote_shell_cmd' }])
    expect(variable(command.text(), 'ST2_AUTH_URL')).toEndWith('/auth')
    expect(variable(command.text(), 'ST2_STREAM_URL')).toEndWith('/stream')
    expect(await command.stop()).toBe(0)
  })

  test('reads packs again when a file changes, and names bad aliases', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'packs-'))
    try {
      const aliases = join(folder, 'p', 'aliases')
      mkdirSync(aliases, { recursive: true })
      writeFileSync(
        join(aliases, 'one.yaml'),
        'name: one\naction_ref: core.noop\nformats: ["one"]\n',
      )
      const command = start({ packs: [folder] })
      await command.until('1 alias in 1 pack: p')
      writeFileSync(
        join(aliases, 'two.yaml'),
        'name: two\naction_ref: core.noop\nformats: ["two ("]\n',
      )
      await command.until('2 aliases in 1 pack: p')
      await command.until('p.two "two ("')
      expect(await command.stop()).toBe(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('does not let the network run commands', async () => {
    for (const hostname of ['0.0.0.0', 'localhost.example.com', '127.example.com', '::']) {
      const command = start({ hostname, allowLocal: true })
      expect(await command.done).toBe(2)
      expect(command.text()).toContain('--allow-local')
    }
  })

  test('warns when it is open to the network', async () => {
    const command = start({ hostname: '0.0.0.0' })
    await command.until('aliases in')
    expect(command.text()).toContain('Warning')
    expect(await command.stop()).toBe(0)
  })

  test('names a folder that is none', async () => {
    const command = start({ packs: ['/no/such/folder'] })
    expect(await command.done).toBe(2)
    expect(command.text()).toContain('/no/such/folder is no folder')
  })

  test('names a port that is taken', async () => {
    const other = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
    const command = start({ port: Number(other.port) })
    expect(await command.done).toBe(1)
    expect(command.text()).toContain(`127.0.0.1:${other.port}`)
    await other.stop()
  })
})
