import { join } from 'node:path'

/** st2chatops as its own process. */
export type RunningProgram = {
  /** What it has said so far, both outputs. */
  readonly said: () => string
  readonly stdout: () => string
  /** Resolves with all that was said once `pattern` is found in it. Rejects, with the same, after `ms`. */
  readonly until: (pattern: RegExp, ms?: number) => Promise<string>
  /** Types a line, or what ends with something else. */
  readonly type: (line: string, end?: string) => void
  /** Closes its input. */
  readonly endInput: () => void
  readonly signal: (signal: NodeJS.Signals) => void
  readonly exited: Promise<number>
}

const main = join(import.meta.dir, '..', '..', 'src', 'main.ts')

/**
 * Starts `st2chatops ARGS` from source, or this executable, with this environment and no other. `input: 'none'` gives it
 * none, as a service manager does; else it is typed to.
 */
export const startProgram = (
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  { input = 'typed', cwd = '/', executable }: {
    input?: 'typed' | 'none'
    cwd?: string
    executable?: string
  } = {},
): RunningProgram => {
  const program = executable === undefined ? [process.execPath, main] : [executable]
  const child = Bun.spawn([...program, ...args], {
    env: { ...environment },
    cwd,
    stdin: input === 'none' ? 'ignore' : 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  let said = ''
  let stdout = ''
  let look = () => {}
  const read = async (stream: ReadableStream<Uint8Array>, isStdout: boolean): Promise<void> => {
    const decoder = new TextDecoder()
    for await (const chunk of stream) {
      const text = decoder.decode(chunk, { stream: true })
      said += text
      if (isStdout) stdout += text
      look()
    }
  }
  const reading = Promise.all([read(child.stdout, true), read(child.stderr, false)])
  const { stdin } = child

  return {
    said: () => said,
    stdout: () => stdout,
    until: (pattern, ms = 20_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`Nobody said ${pattern} within ${ms} ms:\n${said}`)),
          ms,
        )
        look = () => {
          if (!pattern.test(said)) return
          clearTimeout(timer)
          resolve(said)
        }
        look()
      }),
    type: (line, end = '\n') => {
      if (stdin === undefined) throw new Error('This program has no input.')
      stdin.write(`${line}${end}`)
      void stdin.flush()
    },
    endInput: () => {
      void stdin?.end()
    },
    signal: (signal) => child.kill(signal),
    exited: child.exited.then(async (code) => {
      await reading
      return code
    }),
  }
}
