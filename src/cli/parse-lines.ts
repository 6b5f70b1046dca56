import { Buffer } from 'node:buffer'
import * as v from 'valibot'
import { commandLimit } from '../alias/resolve.ts'
import { createDialect, type Dialect } from '../alias/dialect.ts'
import type { Backtracker } from '../alias/matcher.ts'
import type { ExitCode, Io } from './io.ts'
import { printableJson } from './printable.ts'

type Answer = {
  readonly matches: boolean
  readonly params: Readonly<Record<string, string | null>> | null
  readonly error: string | null
}

const question = v.object({ format: v.nullable(v.string()), command: v.nullable(v.string()) })

/** Longer lines are not kept: a format and a command of the longest kind, escaped throughout, take less. */
const lineLimit = 1 << 20

/** Answers are written in pieces of about this many characters while input keeps coming. */
const writeSize = 1 << 16

const refused = (error: string): Answer => ({ matches: false, params: null, error })

/**
 * Reads lines of `{"format","command"}` and answers each with exactly one line of `{"matches","params","error"}`, as the server
 * reads the command. A line that makes no sense is answered as well and ends nothing.
 */
export const parseLines = async (
  { stdin, stdout }: Io,
  backtracker: Backtracker,
): Promise<ExitCode> => {
  const dialect = createDialect({ backtracker })
  let out = ''
  const flush = async () => {
    stdout.write(out)
    out = ''
    await stdout.flushed()
  }
  for await (const lines of linesOf(stdin)) {
    for (const line of lines) {
      // Many readers, Python's splitlines among them, end a line at more characters than JSON must escape.
      out += `${printableJson(await answerLine(dialect, line))}\n`
      if (out.length > writeSize) await flush()
    }
    // Whoever waits for an answer before the next question must get it now.
    if (out !== '') await flush()
  }
  return 0
}

const answerLine = async (dialect: Dialect, line: string | undefined): Promise<Answer> => {
  if (line === undefined) return refused(`The line has more than ${lineLimit} characters`)
  const read = v.safeParse(question, parseJson(line))
  if (!read.success) return refused('Not a line of {"format": "...", "command": "..."}')
  const format = read.output.format ?? ''
  const command = read.output.command ?? ''
  const bytes = Buffer.byteLength(command)
  if (bytes > commandLimit) {
    return refused(`The command has ${bytes} bytes; at most ${commandLimit} are read`)
  }
  try {
    const parsed = await dialect.parse(format, command)
    return 'parameters' in parsed
      ? { matches: true, params: parsed.parameters, error: null }
      : refused(parsed.error)
  } catch (error) {
    // A format nested thousands deep exhausts the stack; the next line is another matter.
    if (error instanceof RangeError) return refused(`The format cannot be read: ${error.message}`)
    throw error
  }
}

const parseJson = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** The lines of a stream, those of one chunk together; undefined for one that is too long to keep. */
async function* linesOf(
  stream: AsyncIterable<unknown>,
): AsyncGenerator<readonly (string | undefined)[]> {
  const decoder = new TextDecoder()
  let rest = ''
  let tooLong = false
  for await (const chunk of stream) {
    const text = chunk instanceof Uint8Array
      ? decoder.decode(chunk, { stream: true })
      : String(chunk)
    const parts = text.split('\n')
    const last = parts.pop() ?? ''
    const lines = parts.map((part) => {
      const line = tooLong || rest.length + part.length > lineLimit ? undefined : rest + part
      rest = ''
      tooLong = false
      return line
    })
    if (rest.length + last.length > lineLimit) tooLong = true
    rest = tooLong ? '' : rest + last
    yield lines
  }
  rest += decoder.decode()
  if (tooLong) yield [undefined]
  else if (rest !== '') yield [rest]
}
