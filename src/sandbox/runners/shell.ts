import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'

/** What a command left behind. `timedOut` commands were killed with their whole process group. */
export type CommandResult = {
  readonly stdout: string
  readonly stderr: string
  readonly code: number
  readonly timedOut: boolean
}

export type CommandOptions = {
  /** Seconds; then the process group is killed. */
  readonly timeout: number
  readonly cwd?: string | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly signal: AbortSignal
}

/** The most that is kept of each of a command's outputs. */
const longestOutput = 1024 * 1024

/**
 * The command sees nothing of the bot's environment, where its secrets are, but enough to find
 * programs. The path is the one that `login` gives.
 */
const environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  HOME: tmpdir(),
}

const collect = (stream: NodeJS.ReadableStream): () => string => {
  const chunks: Buffer[] = []
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    if (size < longestOutput) chunks.push(chunk.subarray(0, longestOutput - size))
    size += chunk.length
  })
  return () => Buffer.concat(chunks).toString('utf8')
}

/** Runs `/bin/sh -c command` with no input, as the leader of its own process group. */
export const runCommand = (command: string, options: CommandOptions): Promise<CommandResult> =>
  new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: options.cwd ?? tmpdir(),
      env: { ...environment, ...options.env },
    })
    const stdout = collect(child.stdout)
    const stderr = collect(child.stderr)
    let timedOut = false
    const kill = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It ended by itself in the meantime.
      }
    }
    const timer = setTimeout(() => {
      timedOut = true
      kill()
    }, options.timeout * 1000)
    options.signal.addEventListener('abort', kill, { once: true })
    const end = (code: number, error?: string) => {
      clearTimeout(timer)
      options.signal.removeEventListener('abort', kill)
      resolve({ stdout: stdout(), stderr: error ?? stderr(), code, timedOut })
    }
    child.on('error', (error) => end(127, error.message))
    // A background child that kept the pipes open would hold `close` back for ever.
    child.on('exit', (code) => {
      const settle = setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
      }, 200)
      child.on('close', () => {
        clearTimeout(settle)
        end(timedOut ? -9 : code ?? -9)
      })
    })
    if (options.signal.aborted) kill()
  })
