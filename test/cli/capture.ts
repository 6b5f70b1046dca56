import { Readable } from 'node:stream'
import type { Io } from '../../src/cli/io.ts'
import type { Output } from '../../src/cli/output.ts'

/** A process's streams that a test can fill and read; there is no terminal. */
export class Capture {
  stdout = ''
  stderr = ''
  readonly io: Io

  constructor(input = '') {
    const sink = (write: (text: string) => void): Output => ({
      write,
      flushed: () => Promise.resolve(),
      isTTY: false,
      columns: undefined,
    })
    this.io = {
      stdin: Readable.from(input === '' ? [] : [input]) as unknown as NodeJS.ReadStream,
      stdout: sink((text) => this.stdout += text),
      stderr: sink((text) => this.stderr += text),
      get terminal(): never {
        throw new Error('Nobody sits at a test.')
      },
    }
  }
}
