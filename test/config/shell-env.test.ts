import { describe, expect, test } from 'bun:test'
import { ConfigurationError } from '../../src/config/error.ts'
import { readShellEnv } from '../../src/config/shell-env.ts'
import { variablesOf } from '../../src/config/variables.ts'

const read = (text: string, environment: Record<string, string> = {}) =>
  readShellEnv({ path: 'st2chatops.env', text }, variablesOf(environment, 'environment'))

const values = (text: string, environment: Record<string, string> = {}) =>
  Object.fromEntries(
    [...read(text, environment).exported].map(([name, { value }]) => [name, value]),
  )

const refusal = (text: string, environment: Record<string, string> = {}): string => {
  try {
    read(text, environment)
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message
    throw error
  }
  throw new Error(`not refused: ${text}`)
}

describe('the meaning of sh', () => {
  test.each<[string, Record<string, string>]>([
    ['export A=b', { A: 'b' }],
    ['export A=b C="d e" # f', { A: 'b', C: 'd e' }],
    ['export A=a#b', { A: 'a#b' }],
    [`export A='$B "x" \\'`, { A: '$B "x" \\' }],
    ['export A="\\$B \\"x\\" \\n"', { A: '$B "x" \\n' }],
    [`export A=a"b c"'d e'f`, { A: 'ab cd ef' }],
    ['A=1; export A', { A: '1' }],
    ['A=1 B=$A; export A B', { A: '1', B: '1' }],
    ['export A=1 B=$A', { A: '1', B: '' }],
    ['set -a\nA=1\nset +a\nB=2', { A: '1' }],
    ['export A=1\nunset A', {}],
    ['export A="x\\\ny"', { A: 'xy' }],
    ["export A='x\\\ny'", { A: 'x\\\ny' }],
    ['# it’s “quoted” $(reboot)\nexport A=’', { A: '’' }],
    ['export A="${B:-https://${C:-h}/api}"', { A: 'https://h/api' }],
    [`export A="\${B:-'x'}" C=\${B:-'x'}`, { A: "'x'", C: 'x' }],
    ['export A=${B:=c}${B}', { A: 'cc' }],
    ['export A= B=""', { A: '', B: '' }],
    ['export A=$ B="$" C=*', { A: '$', B: '$', C: '*' }],
  ])('%j', (text, expected) => {
    expect(values(text)).toEqual(expected)
  })

  test.each<[string, string]>([
    ['export X="${X:-default}"', 'mine'],
    ['export X="${X-default}"', 'mine'],
    ['export X=file', 'file'],
    ['export X="${X:+set}"', 'set'],
    ['X=file', 'file'],
    ['export X=${X:?}', 'mine'],
  ])('%j in an environment with X=mine', (text, expected) => {
    expect(values(text, { X: 'mine' }).X).toBe(expected)
  })

  test('an empty variable counts as unset with the colon, and as set without', () => {
    expect(values('export A=${X:-d} B=${X-d} C=${X:+s} D=${X+s}', { X: '' })).toMatchObject({
      A: 'd',
      B: '',
      C: '',
      D: 's',
    })
  })

  test('~ is the home folder at the start of a value and behind a colon, quotes apart', () => {
    expect(values('export A=~/x:~/y B="~/x" C=a~', { HOME: '/h' })).toMatchObject({
      A: '/h/x:/h/y',
      B: '~/x',
      C: 'a~',
    })
  })

  test('each value knows its line', () => {
    const { exported } = read('\n# c\nexport A=1 \\\n  B=2\nexport C="x\ny" D=3\n')
    const lines = Object.fromEntries([...exported].map(([name, { source }]) => [name, source]))
    expect(lines).toEqual({
      A: 'st2chatops.env:3',
      B: 'st2chatops.env:4',
      C: 'st2chatops.env:5',
      D: 'st2chatops.env:6',
    })
  })

  test('a value that the file only hands on keeps its source', () => {
    const { exported } = read('export X="${X:-d}"\nexport Y="${Y:-d}"', { X: '1', Y: '' })
    expect(exported.get('X')?.source).toBe('environment')
    expect(exported.get('Y')?.source).toBe('st2chatops.env:2')
  })

  test('what is set without export is told apart', () => {
    const { exported, unexported } = read('ST2_API_KEY=x\nX=2', { X: '1' })
    expect([...exported.keys()]).toEqual(['X'])
    expect([...unexported.keys()]).toEqual(['ST2_API_KEY'])
  })
})

describe('what is refused, and how', () => {
  test.each<[string, RegExp]>([
    ['export A=1\nexport B=$(cat /run/secret)', /^st2chatops\.env:2: .*command.*NAME_FILE/],
    ['export A="a\n$(x)"', /^st2chatops\.env:2: /],
    ['export A=`id`', /^st2chatops\.env:1: .*command/],
    ['export A=$((1+1))', /^st2chatops\.env:1: .*command/],
    ['if [ -f x ]; then\nexport A=1\nfi', /:1: `if` decides/],
    ['. /etc/other', /:1: `\.` reads another file/],
    ['source /etc/other', /:1: `source` reads another file/],
    ['export A=1 && export B=2', /:1: & joins commands/],
    ['export A=a|b', /:1: \| joins/],
    ['export A=<password>', /:1: < redirects .*quotes/],
    ['export A=(a b)', /:1: \( belongs/],
    ['f() { x; }', /:1: \( belongs/],
    ['echo hello', /:1: a command stands here/],
    ['ST2_API_KEY = abc', /:1: a command stands here.*without blanks/],
    ['export A = 1', /:1: export needs the name/],
    ['export -n A', /:1: export with a flag/],
    ['readonly A=1', /:1: `readonly` is not read/],
    ['export A=$1', /:1: \$1 is about the shell/],
    ['export A=$$', /:1: \$\$ is about the shell/],
    ['export A=${A%x}', /:1: \$\{\.\.\.\} with this operator/],
    ['export A=${#A}', /:1: \$\{#/],
    ["export A=$'x'", /:1: \$' means different things/],
    ['export A=~root/x', /:1: ~ followed by a name/],
    ['export A=~}', /:1: ~ followed by a name/],
    ['export A=${B:-~ x}', /:1: ~ followed by a name/],
    ['export A=$PWD', /:1: \$PWD belongs to the shell/],
    ['export A=1\n\nexport B="x\ny\n', /:3: a double quote that begins here never ends/],
    ["export A='x", /:1: a single quote that begins here never ends/],
    ['export A=${B', /:1: a \$\{ that begins here never ends/],
    ['export A=1\r\nexport B=2\r\n', /:1: the line ends as in Windows .*sed/],
    ['\uFEFFexport A=1', /:1: the file begins with a byte order mark/],
    ['export A=1\nexport B=\0', /:2: the file holds a NUL byte/],
    ['set -e', /:1: set changes/],
    ['export A=${B:?is needed}', /:1: the file asks for B, which is not set: is needed/],
  ])('%j', (text, message) => {
    expect(refusal(text)).toMatch(message)
  })

  test('a refusal says nothing of a value', () => {
    for (
      const text of [
        'export P=canary1 && x',
        'P=canary1 canary2',
        "export P='canary1",
        'export P=canary1(canary2',
        'export P="canary1$(canary2)"',
        'P = canary1',
        'export canary1-canary2',
        'export P=xx;canary1',
        'canary1',
        'export P="x${canary1/x}"',
        'export P="x${canary1',
        'set canary1',
        'unset canary1-',
      ]
    ) expect(refusal(text)).not.toContain('canary')
  })

  test('nesting without end and values that double themselves end in a refusal', () => {
    const doubling = `export A=xxxxxxxx\n${'export A=$A$A\n'.repeat(60)}`
    expect(refusal(doubling)).toMatch(/longer than 128 KiB/)
    expect(refusal(`export A=${'${B:-'.repeat(100_000)}`)).toMatch(/nested too deeply/)
  })

  test('a long file takes its time in proportion', () => {
    const lines = 20_000
    const text = 'export A="${A:-https://${B:-host}/api}" # c\n'.repeat(lines)
    expect(values(text).A).toBe('https://host/api')
  })
})
