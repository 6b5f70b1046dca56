/** What a terminal shows markdown with. */
const bold = (text: string): string => `\x1b[1m${text}\x1b[22m`
const dim = (text: string): string => `\x1b[2m${text}\x1b[22m`
const cyan = (text: string): string => `\x1b[36m${text}\x1b[39m`
const underline = (text: string): string => `\x1b[4m${text}\x1b[24m`

/**
 * Renders chat's markdown for a terminal: fences, `code`, **bold**, links. Line breaks stay as they are, as in chat and
 * unlike in a markdown document, which is why no document renderer is used.
 */
export const renderMarkdown = (text: string): string => {
  let inFence = false
  return text.split('\n').map((line) => {
    if (/^\s*```/.test(line)) {
      inFence = !inFence
      return dim(line.trim() === '```' ? '---' : `--- ${line.trim().slice(3)}`)
    }
    return inFence ? cyan(line) : renderLine(line)
  }).join('\n')
}

const renderLine = (line: string): string =>
  line
    .replace(/`([^`]+)`|\*\*([^*]+)\*\*|(https?:\/\/[^\s<>)]+)/g, (_, code, strong, link) => {
      if (code !== undefined) return cyan(code)
      return strong !== undefined ? bold(strong) : underline(link)
    })

/** Takes out what could steer the terminal: escape sequences in a result are text, not commands to it. */
export const printable = (text: string): string =>
  // deno-lint-ignore no-control-regex
  text.replace(/\r\n/g, '\n').replace(/[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]/g, '\ufffd')
