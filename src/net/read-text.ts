/**
 * The text of an answer, or undefined where it has more bytes than `longest`, unpacked: what lies behind those is neither read nor
 * unpacked. Rejects as reading a body does.
 */
export const readText = async (
  response: Response,
  longest: number,
): Promise<string | undefined> => {
  const { headers, body } = response
  const told = headers.get('content-length')
  const isTrue = !headers.has('content-encoding') && !headers.has('transfer-encoding')
  // Nearly every answer says how long it is, and then no more is read of it.
  if (told !== null && isTrue && Number(told) <= longest) return await response.text()
  const pieces: Uint8Array[] = []
  let length = 0
  // To leave the loop gives the connection up.
  for await (const piece of body ?? []) {
    length += piece.length
    if (length > longest) return undefined
    pieces.push(piece)
  }
  return new TextDecoder().decode(Buffer.concat(pieces, length))
}
