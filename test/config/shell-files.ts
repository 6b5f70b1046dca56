import type { Random } from './random.ts'

/** The environment that every generated file is read in: set, empty, with blanks, with what sh treats specially. */
export const startEnvironment: Readonly<Record<string, string>> = {
  HOME: '/home/st2',
  ST2_HOSTNAME: 'st2.example.com',
  EMPTY: '',
  BLANKS: '  two  words ',
  STARS: '* ~ $HOME `x` "q" \\',
}

const names = [
  'ST2_HOSTNAME',
  'EMPTY',
  'BLANKS',
  'STARS',
  'A',
  'B',
  'ST2_API_KEY',
  'HUBOT_ALIAS',
  '_x9',
] as const
const operators = ['-', ':-', '=', ':=', '+', ':+'] as const
const bare = [
  'abc',
  '!',
  'x-y',
  '8081',
  'https://h:9101/api',
  'a,b',
  'a#b',
  '%',
  '@',
  '[a]',
  '{',
  '}',
  '{a,b}',
  '*',
  '?',
  '^',
  'é’ü',
  '=',
  'a=b',
  '+',
  '$.',
  '$/',
  ':',
  '-',
  '.',
  '😀',
] as const
const anything = [
  ...bare,
  ' ',
  '  ',
  '\t',
  '\n',
  '#',
  ';',
  '&',
  '|',
  '<',
  '>',
  '(',
  ')',
  '~',
  '#x',
] as const
const escapes = [
  '\\ ',
  '\\#',
  '\\"',
  "\\'",
  '\\\\',
  '\\$',
  '\\`',
  '\\~',
  '\\;',
  '\\n',
  '\\é',
  '\\\n',
  '\\}',
] as const
const quotedEscapes = ['\\"', '\\\\', '\\$', '\\`', '\\n', '\\ ', '\\\n', "\\'", '\\}'] as const

const some = (random: Random, most: number, make: () => string): string =>
  Array.from({ length: random.below(most + 1) }, make).join('')

/** Files that stay inside the part of sh that is read: none of them may be refused unless sh fails too. */
export const insideFile = (random: Random): string => {
  const parameter = (quoted: boolean, depth: number): string => {
    const name = random.pick(names)
    if (random.oneIn(4)) return `\${${name}}`
    // A letter behind $NAME would belong to the name, which is right too.
    if (random.oneIn(4)) return `$${name}`
    // With ? the file fails in most environments, so that it would hide what else is in the file.
    if (random.oneIn(60)) return `\${${name}${random.pick(['?', ':?'])}${braceWord(quoted, depth)}}`
    return `\${${name}${random.pick(operators)}${braceWord(quoted, depth)}}`
  }
  const braceWord = (quoted: boolean, depth: number): string =>
    some(random, 3, () => {
      if (depth < 3 && random.oneIn(3)) return parameter(quoted, depth + 1)
      if (quoted) {
        if (random.oneIn(6)) return `"${some(random, 2, () => random.pick(anything))}"`
        if (random.oneIn(4)) return random.pick(quotedEscapes)
      } else {
        if (random.oneIn(5)) return doubleQuoted(depth + 1)
        if (random.oneIn(5)) return singleQuoted()
        if (random.oneIn(4)) return random.pick(escapes)
      }
      const text = random.pick(anything)
      return text.includes('}') || text.includes('~') ? 'w' : text
    })
  const singleQuoted = (): string =>
    `'${some(random, 3, () => random.oneIn(4) ? '"$A`\\' : random.pick(anything))}'`
  const doubleQuoted = (depth: number): string =>
    `"${
      some(random, 3, () => {
        if (depth < 3 && random.oneIn(2)) return parameter(true, depth + 1)
        if (random.oneIn(4)) return random.pick(quotedEscapes)
        if (random.oneIn(6)) return "'"
        return random.pick(anything)
      })
    }"`
  const word = (): string => {
    const home = random.oneIn(12) ? random.pick(['~', '~/x', '~:~/y', 'a:~/b', '~/~']) : ''
    let text = home
    const more = random.below(4)
    for (let index = 0; index < more; index++) {
      const piece = random.oneIn(3)
        ? doubleQuoted(0)
        : random.oneIn(5)
        ? singleQuoted()
        : random.oneIn(3)
        ? parameter(false, 0)
        : random.oneIn(5)
        ? random.pick(escapes)
        : random.pick(bare)
      // A ~ in front of a name asks for somebody's home.
      if (/~$/.test(text)) text += '/'
      text += piece
    }
    return text
  }
  const comment = (): string =>
    `# ${random.pick(['don’t "quote" me', '$(reboot) `x`', 'export A=1', '\\'])}`
  const assignment = (): string => `${random.pick(names)}=${word()}`
  const list = (make: () => string): string =>
    Array.from({ length: 1 + random.below(3) }, make).join(random.pick([' ', '  ', '\t', ' \\\n ']))
  const statement = (): string => {
    switch (random.below(14)) {
      case 0:
        return comment()
      case 1:
        return ''
      case 2:
        return list(assignment)
      case 3:
        return `export ${list(() => random.pick(names))}`
      case 4:
        return `unset ${random.oneIn(3) ? '-v ' : ''}${random.pick(names)}`
      case 5:
        return random.pick(['set -a', 'set +a', 'set -o allexport', 'set +o allexport'])
      case 6:
        return `${random.pick([':', 'true'])} ${
          random.oneIn(2) ? parameter(random.oneIn(2), 0) : ''
        }`
      case 7:
        return `export ${list(() => random.oneIn(3) ? random.pick(names) : assignment())}`
      default:
        return `export ${assignment()}`
    }
  }
  const line = (): string => {
    const first = statement()
    const ends = first.startsWith('#')
    const second = !ends && first.trim() !== '' && random.oneIn(8) ? `; ${statement()}` : ''
    const tail = !ends && !second.includes('#') && random.oneIn(6) ? ` ${comment()}` : ''
    return `${random.pick(['', '', '', '  ', '\t'])}${first}${second}${tail}`
  }
  const lines = Array.from({ length: 1 + random.below(6) }, line).join('\n')
  return random.oneIn(10) ? lines : `${lines}\n`
}

const soup = [
  ...['~}', '${A:-~', '~ ', ':~', '~;', '~:'],
  ...[
    'export ',
    'A=',
    'B',
    '=',
    ' ',
    '\n',
    '"',
    "'",
    '\\',
    '$',
    '{',
    '}',
    '${A',
    ':-',
    '${B:-',
    '#',
  ],
  ...[
    ';',
    '&',
    '|',
    '<',
    '>',
    '(',
    ')',
    '`',
    '~',
    '$(',
    '$((',
    '*',
    '!',
    '\r',
    '\r\n',
    '\t',
    'x',
    '1',
  ],
  ...[
    'if ',
    'fi',
    'then ',
    '[ ',
    ' ]',
    '. ./x',
    'source x',
    'readonly ',
    'unset ',
    'set -a',
    'set -u',
  ],
  ...[
    '$1',
    '$@',
    '$$',
    '$?',
    '$#',
    '${#A}',
    '${A%x}',
    '${A#x}',
    '${!A}',
    '${A/x/y}',
    '${A:1}',
    "$'x'",
  ],
  ...[
    'echo x',
    'A+=1',
    'export -p',
    'export A B',
    'A B',
    '~root',
    '~/',
    '2>',
    '[0]',
    '’',
    '\u00a0',
    ':',
  ],
  ...['$LINENO', '$PWD', '$IFS', 'IFS=x', '&&', '||', ';;', '=\n', '\\\n', '- ', '+', '?', '${'],
] as const

/** Files of any kind: what is read of them must be what sh reads, and everything else is refused. */
export const anyFile = (random: Random): string => {
  if (random.oneIn(2)) return some(random, 14, () => random.pick(soup))
  // A file from inside with some characters changed: near misses.
  const characters = [...insideFile(random)]
  for (let change = 0; change <= random.below(3); change++) {
    const add = random.oneIn(2) ? [random.pick(soup)] : []
    characters.splice(random.below(characters.length + 1), random.below(3), ...add)
  }
  return characters.join('')
}
