import type { Refuse } from './refusal.ts'

/** sh changes these by itself, or takes them from where it was started. */
const shellsOwn = new Set(['LINENO', 'PPID', 'IFS', 'OPTIND', 'PS1', 'PS2', 'PS4', 'PWD', 'OLDPWD'])

/** Whether sh itself sets the variable, so that a file can neither rely on it nor change it here. */
export const isShellsOwn = (name: string): boolean => shellsOwn.has(name)

/** What joining, redirecting and grouping characters are called. */
const roleOf = (character: string): string => {
  if (/[<>]/.test(character)) return "redirects a command's input or output"
  if (/[()]/.test(character)) return 'belongs to an array, a function or a sub-shell'
  return 'joins commands'
}

/** What a word can hold that is not read here, each with its own sentence. */
export type Refusals = Readonly<{
  command: (line: number) => never
  unterminated: (line: number, what: string) => never
  nested: (line: number) => never
  /** Behind `${` stands no name but `next`. */
  noName: (line: number, next: string) => never
  operator: (line: number) => never
  /** `$1`, `$@` and their like. */
  special: (line: number, next: string) => never
  /** `$'...'` and `$"..."`. */
  shellQuotes: (line: number, next: string) => never
  home: (line: number) => never
  joining: (character: string, line: number) => never
  /** Gives the name back unless it belongs to the shell. */
  unlessShells: (variable: string, line: number) => string
}>

export const createRefusals = (refuse: Refuse): Refusals => {
  const unterminated = (line: number, what: string): never =>
    refuse(line, `${what} that begins here never ends`, 'close it, or put \\ in front of it')
  const special = (line: number, next: string): never =>
    refuse(
      line,
      `$${next} is about the shell and its arguments, and there is none`,
      'write \\$ or use single quotes if you mean the character',
    )
  return {
    unterminated,
    special,
    command: (line) =>
      refuse(
        line,
        'the output of a command is asked for, and nothing is executed here',
        'write the value itself, or put it into a file of its own and write NAME_FILE=/path, or ' +
          "use systemd's LoadCredential=",
      ),
    nested: (line) => refuse(line, '${...} is nested too deeply', 'write it in several lines'),
    noName: (line, next) => {
      if (next === '') return unterminated(line, 'a ${')
      if (next === '#') {
        refuse(line, '${#...} asks for a length, which is not read here', 'write the number')
      }
      if (/[0-9@*$!?-]/.test(next)) return special(line, next)
      return refuse(
        line,
        '${ is not followed by the name of a variable',
        "write \\${ or '${' if you mean the characters",
      )
    },
    operator: (line) =>
      refuse(
        line,
        // The name is not told: in a password without single quotes it is none.
        '${...} with this operator is not read here',
        'only ${A}, ${A-b}, ${A:-b}, ${A=b}, ${A:=b}, ${A+b}, ${A:+b}, ${A?b} and ${A:?b} are: ' +
          'write the value out',
      ),
    shellQuotes: (line, next) =>
      refuse(
        line,
        `$${next} means different things in different shells`,
        'leave the $ out, or put \\ in front of it',
      ),
    home: (line) =>
      refuse(
        line,
        "~ followed by a name asks for somebody's home folder",
        "write the path, or '~' in quotes if you mean the character",
      ),
    joining: (character, line) =>
      refuse(
        line,
        `${character} ${roleOf(character)}, which is not read here`,
        'put the value in quotes if the character is part of it; else one assignment a line',
      ),
    unlessShells: (variable, line) =>
      isShellsOwn(variable)
        ? refuse(
          line,
          `$${variable} belongs to the shell, and there is none`,
          'write the value itself',
        )
        : variable,
  }
}
