import { Readable, Writable } from 'node:stream'
import type { Io } from '../../src/cli/io.ts'

/** A process's three streams that a test can fill and read. */
export class Capture {
  stdout = ''
  stderr = ''
  readonly io: Io

  constructor(input = '') {
    const sink = (take: (text: string) => void) =>
      new Writable({
        write: (chunk, _encoding, done) => {
          take(String(chunk))
          done()
        },
      }) as unknown as NodeJS.WriteStream
    this.io = {
      stdin: Readable.from(input === '' ? [] : [input]) as unknown as NodeJS.ReadStream,
      stdout: sink((text) => this.stdout += text),
      stderr: sink((text) => this.stderr += text),
    }
  }
}
