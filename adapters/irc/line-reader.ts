/** 8,191 bytes of tags (ircv3.net, message-tags), 512 of message; a server that sends ten times that speaks something else. */
const longest = 90_000

/** Cuts what comes in into lines. */
export type LineReader = (chunk: Uint8Array) => readonly string[]

/** A line of what nobody calls IRC any more. */
export class EndlessLine extends Error {
  override readonly name = 'EndlessLine'
}

/** A server that cuts a line to 512 bytes leaves no less than this of it; bytes. */
const cutAt = 500
/** ngircd says so behind what it has cut. */
const cutMark = Buffer.from('[CUT]')

/** How many bytes of a character stand at the end whose rest is missing (RFC 3629). */
const unfinished = (bytes: Buffer): number => {
  for (let back = 1; back <= 3; back++) {
    const byte = bytes.at(-back) ?? 0
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0
    if (length > 0) return length > back ? back : 0
    if (byte < 0x80) return 0
  }
  return 0
}

/** A line without the part of a character that a cut has left at its end. */
const withoutPart = (line: Buffer): Buffer => {
  const isMarked = line.subarray(-cutMark.length).equals(cutMark)
  const text = isMarked ? line.subarray(0, -cutMark.length) : line
  const whole = text.subarray(0, text.length - unfinished(text))
  return isMarked ? Buffer.concat([whole, cutMark]) : whole
}

/**
 * Makes a reader that keeps the beginning of a line, and of a character, until the rest has come. Lines are UTF-8; one that
 * is not is read as Latin-1, which old clients still send, unless it was cut inside a character. Empty lines are dropped. Throws `EndlessLine`.
 */
export const createLineReader = (): LineReader => {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rest = Buffer.alloc(0)

  const asUtf8 = (bytes: Buffer): string | undefined => {
    try {
      return utf8.decode(bytes)
    } catch {
      return undefined
    }
  }

  const decode = (bytes: Buffer): string => {
    const text = asUtf8(bytes)
    if (text !== undefined) return text
    const whole = withoutPart(bytes)
    const cut = asUtf8(whole)
    // A short line without other such characters has a last letter of Latin-1.
    const isCut = cut !== undefined && (bytes.length >= cutAt || cut.length < whole.length)
    return isCut ? cut : bytes.toString('latin1')
  }

  return function read(chunk) {
    const bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
    const lines: string[] = []
    let start = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      let last = end
      while (last > start && bytes[last - 1] === 13) last--
      const line = decode(bytes.subarray(start, last))
      if (line !== '') lines.push(line)
      start = end + 1
    }
    rest = bytes.subarray(start)
    if (rest.length > longest) throw new EndlessLine('The server sends a line without an end.')
    return lines
  }
}
