import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dir, '..', '..')

/** Compiling takes two seconds on a quiet machine. */
const patience = 120_000

let folder = ''
let executable = ''

const compile = async (outdir: string): Promise<string> => {
  const child = Bun.spawn([process.execPath, 'compile.ts', '--outdir', outdir], {
    cwd: root,
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [said, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  expect({ code: await child.exited, errors }).toEqual({ code: 0, errors: '' })
  return said
}

const sha256 = async (path: string) =>
  createHash('sha256').update(await Bun.file(path).bytes()).digest('hex')

/** Runs the executable in a folder of its own with nothing but this environment. */
const run = async (
  args: readonly string[],
  { cwd = folder, env = {}, input = '' }: {
    cwd?: string
    env?: Record<string, string>
    input?: string
  } = {},
) => {
  const child = Bun.spawn([executable, ...args], {
    cwd,
    env,
    stdin: new Blob([input]),
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { code: await child.exited, stdout, stderr }
}

/** Reads a stream until it has said something, and leaves it open. */
const said = async (stream: ReadableStream<Uint8Array>, pattern: RegExp): Promise<string> => {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let text = ''
  while (!pattern.test(text)) {
    const { value, done } = await reader.read()
    if (done) throw new Error(`It ended without saying ${pattern}, but: ${text}`)
    text += decoder.decode(value, { stream: true })
  }
  reader.releaseLock()
  return text
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'st2chatops-'))
  await mkdir(join(folder, 'empty'))
  const said = await compile(join(folder, 'first'))
  executable = join(folder, 'first', 'st2chatops')
  expect(said).toMatch(/^st2chatops {2}\d+\.\d MB {2}sha256:[0-9a-f]{64}\n$/)
  expect(said).toContain(await sha256(executable))
}, patience)

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the executable', () => {
  test('stands alone: one file, and no maps beside it', async () => {
    expect(await readdir(join(folder, 'first'))).toEqual(['st2chatops'])
  })

  test('knows what it was built from', async () => {
    const { code, stdout } = await run(['version', '--json'])
    expect(code).toBe(0)
    const { version, commit, target } = JSON.parse(stdout)
    const manifest = await Bun.file(join(root, 'package.json')).json()
    expect(version).toBe(manifest.version)
    expect(commit).toMatch(/^([0-9a-f]{40}(-dirty)?|unknown)$/)
    expect(target).toStartWith(`linux-${process.arch}`)
  })

  test('speaks its usage without any environment', async () => {
    const { code, stdout, stderr } = await run(['--help'], { cwd: join(folder, 'empty') })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toStartWith('Usage: st2chatops')
  })

  test('reads nothing of its working directory', async () => {
    const hostile = join(folder, 'hostile')
    await mkdir(hostile)
    const planted = 'console.log("PLANTED CODE RAN"); process.exit(42)'
    await writeFile(join(hostile, 'planted.ts'), planted)
    await writeFile(join(hostile, 'bunfig.toml'), 'preload = ["./planted.ts"]\n')
    await writeFile(join(hostile, '.env'), 'HUBOT_NAME=planted\nHUBOT_ADAPTER=planted\n')
    await writeFile(
      join(hostile, 'tsconfig.json'),
      '{"compilerOptions":{"paths":{"commander":["./planted.ts"]}}}',
    )
    await writeFile(join(hostile, 'package.json'), '{"name":"planted","main":"planted.ts"}')
    const shown = await run(['config', 'show', '--json'], { cwd: hostile })
    expect(shown.stdout + shown.stderr).not.toMatch(/planted/i)
    expect(JSON.parse(shown.stdout)).toContainEqual(
      expect.objectContaining({ name: 'HUBOT_NAME', value: 'hubot' }),
    )
  })

  test('ends a bad configuration with 78 and words, without a stack', async () => {
    const { code, stdout, stderr } = await run([])
    expect(code).toBe(78)
    expect(stdout).toBe('')
    expect(stderr).toContain('HUBOT_ADAPTER')
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  test('ends quietly when its reader has seen enough', async () => {
    const child = Bun.spawn(['sh', '-c', '"$0" completion zsh | head -1', executable], {
      env: { PATH: process.env.PATH ?? '' },
      stdout: 'pipe',
      stderr: 'pipe',
    })
    expect(await new Response(child.stdout).text()).toBe('#compdef st2chatops\n')
    expect(await new Response(child.stderr).text()).toBe('')
  })
})

test(
  'the bot in the executable serves its metrics and readiness, and ends with 0 on SIGTERM',
  async () => {
    const sandbox = Bun.spawn([executable, 'sandbox'], {
      cwd: folder,
      env: {},
      stdout: 'pipe',
      stderr: 'ignore',
    })
    const envFile = join(folder, 'sandbox.env')
    const variables = await said(sandbox.stdout, /^export ST2_API_KEY=.+\n/m)
    await writeFile(envFile, variables, { mode: 0o600 })
    const bot = Bun.spawn([executable, 'run', '-a', 'shell', '--env-file', envFile], {
      cwd: folder,
      env: { EXPRESS_PORT: '0', ST2CHATOPS_STATE_DIR: join(folder, 'state') },
      stdin: 'pipe',
      stdout: 'ignore',
      stderr: 'pipe',
    })
    try {
      const log = await said(bot.stderr, /HTTP is up\. url=\S+\s[^]*event stream/)
      const url = /url=(\S+)/.exec(log)?.[1] ?? ''
      const metrics = await fetch(`${url}/metrics`)
      expect(metrics.status).toBe(200)
      expect(await metrics.text()).toMatch(/^st2chatops_build_info\{version="\d/m)
      const ready = await fetch(`${url}/readyz`)
      expect(Object.keys(await ready.json() as object)).toEqual(
        ['ready', 'stackstorm', 'stream', 'adapters', 'journal'],
      )
      bot.kill('SIGTERM')
      expect(await bot.exited).toBe(0)
    } finally {
      bot.kill('SIGKILL')
      sandbox.kill()
    }
  },
  patience,
)

test('the same sources give the same bytes', async () => {
  await compile(join(folder, 'second'))
  expect(await sha256(join(folder, 'second', 'st2chatops'))).toBe(await sha256(executable))
}, patience)
