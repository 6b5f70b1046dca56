/** 8,191 bytes of tags (ircv3.net, message-tags), 512 of message; a server that sends ten times that speaks something else. */
const longest = 90_000

/** Cuts what comes in into lines. */
export type LineReader = (chunk: Uint8Array) => readonly string[]

/** A line of what nobody calls IRC any more. */
export class EndlessLine extends Error {
  override readonly name = 'EndlessLine'
}

/**
 * Makes a reader that keeps the beginning of a line, and of a character, until the rest has come. Lines are UTF-8; one that
 * is not is read as Latin-1, which old clients still send. Empty lines are dropped. Throws `EndlessLine`.
 */
export const createLineReader = (): LineReader => {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rest = Buffer.alloc(0)

  const decode = (bytes: Buffer): string => {
    try {
      return utf8.decode(bytes)
    } catch {
      return bytes.toString('latin1')
    }
  }

  return function read(chunk) {
    const bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
    const lines: string[] = []
    let start = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      const line = decode(bytes.subarray(start, end)).replace(/\r+$/, '')
      if (line !== '') lines.push(line)
      start = end + 1
    }
    rest = bytes.subarray(start)
    if (rest.length > longest) throw new EndlessLine('The server sends a line without an end.')
    return lines
  }
}
