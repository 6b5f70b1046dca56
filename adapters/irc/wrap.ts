/**
 * A line in pieces of at most `room` bytes of UTF-8: cut at the last blank that lies behind the first half, else between
 * two characters as people see them. A piece has one code point at least, whatever the room. Takes time linear in the line.
 */
export const wrap = (line: string, room: number): readonly string[] => {
  const pieces: string[] = []
  let rest = line
  while (rest !== '' && (Buffer.byteLength(rest.slice(0, room + 1)) > room || rest.length > room)) {
    const end = endOfPiece(rest, room)
    pieces.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
  }
  if (rest !== '') pieces.push(rest)
  return pieces.filter((piece) => piece !== '')
}

/** Where the first piece of a line that is too long ends. */
const endOfPiece = (line: string, room: number): number => {
  const fits = unitsThatFit(line, room)
  if (line[fits] === ' ') return fits
  const blank = line.lastIndexOf(' ', fits - 1)
  return blank > fits / 2 ? blank : betweenCharacters(line, fits)
}

/** How many UTF-16 units, in whole code points, fit into `room` bytes; one code point always does. */
const unitsThatFit = (line: string, room: number): number => {
  let bytes = 0
  let at = 0
  while (at < line.length) {
    const point = line.codePointAt(at) as number
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
    if (bytes > room && at > 0) break
    at += point < 0x10000 ? 1 : 2
  }
  return at
}

/** A character may be of several code points, and the cut in its middle; one that is longer than a line is cut all the same. */
const betweenCharacters = (line: string, fits: number): number => {
  // The next few show whether the last one that fits goes on.
  const segments = new Intl.Segmenter().segment(line.slice(0, fits + 32))
  const start = segments.containing(fits)?.index ?? fits
  return start === 0 ? fits : start
}
