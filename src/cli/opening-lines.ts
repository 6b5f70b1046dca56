import { PassThrough } from 'node:stream'
import type { Io } from './io.ts'

/** What a demo says by itself where nobody can type. */
const script = ['!help', '!run date on localhost']

/**
 * The same process, with something to say: where the input ends before it said anything (no terminal, no pipe, as in a
 * build job), the demo shows itself.
 */
export const openingLines = async (io: Io): Promise<Io> => {
  if (io.stdin.isTTY) return io
  const input = new PassThrough()
  let said = false
  io.stdin.on('data', (chunk) => {
    said = true
    input.write(chunk)
  })
  io.stdin.on('error', () => input.end())
  io.stdin.on('end', () => {
    if (!said) {
      for (const line of script) io.stdout.write(`> ${line}\n`)
      input.write(`${script.join('\n')}\n`)
    }
    input.end()
  })
  return { ...io, stdin: input as unknown as Io['stdin'] }
}
