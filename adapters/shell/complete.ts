/** At most so many commands are offered at once. */
const offerAtMost = 50

/** Control characters, those that turn the reading direction among them: nobody types them, and readline writes them as they are. */
const untypable = /[\p{Cc}\p{Bidi_Control}]/u

/**
 * Completes a line with the commands that begin like it, in any letter case, as readline wants it: the candidates and what
 * they replace. A prefix such as `!` or `hubot ` in front stays. Placeholders are left for the person to fill in.
 */
export const completeLine = (
  line: string,
  commands: readonly string[],
): [candidates: string[], replaced: string] => {
  const [, prefix = '', typed = ''] = /^(\s*(?:@?\w+[:,]?\s+|\W*))([^]*)$/.exec(line) ?? []
  return offer(commands, prefix, typed) ?? offer(commands, '', line) ?? [[], line]
}

const offer = (
  commands: readonly string[],
  prefix: string,
  typed: string,
): [string[], string] | undefined => {
  const begin = typed.toLowerCase()
  const fixedParts = commands
    .filter((command) => command.toLowerCase().startsWith(begin) && !untypable.test(command))
    .map((command) => prefix + fixedPart(command, typed.length))
  const candidates = [...new Set(fixedParts)].slice(0, offerAtMost)
  return candidates.length === 0 ? undefined : [candidates, prefix + typed]
}

/** A command up to its first placeholder that lies behind what is typed already. */
const fixedPart = (command: string, from: number): string => {
  const placeholder = command.slice(from).search(/\{\{|<|\[/)
  return placeholder === -1 ? command : command.slice(0, from + placeholder)
}
