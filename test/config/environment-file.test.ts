import { expect, test } from 'bun:test'
import { readEnvironmentFile } from '../../src/config/environment-file.ts'

const read = (text: string) => readEnvironmentFile({ path: '/etc/default/st2chatops', text })
const values = (text: string) =>
  Object.fromEntries([...read(text).variables].map(([name, { value }]) => [name, value]))

// Each was compared with what systemd 252's own reader gives (its environment.d generator).
test.each<[string, Record<string, string>]>([
  ['A=1\n# B=2\n;C=3\n\n  D = a b  \n', { A: '1', D: 'a b' }],
  ['A="a b" "c"  d  ', { A: 'a bcd' }],
  ["A='x\\y'z", { A: 'x\\yz' }],
  ['A=a\\\nb', { A: 'ab' }],
  ['A="a\\\nb\\"c\\d\\$"', { A: 'ab"c\\d$' }],
  ['A=a\\ \\ ', { A: 'a  ' }],
  ['A=a # b', { A: 'a # b' }],
  ['A="x"y  z  \n', { A: 'xy  z' }],
  ['A=$HOME ${B:-c} `x`', { A: '$HOME ${B:-c} `x`' }],
  ['A="two\nlines"\nB=1', { A: 'two\nlines', B: '1' }],
  ['A=1\r\nB=2\r\n', { A: '1', B: '2' }],
  ['A=\nB="never ends', { A: '', B: 'never ends' }],
  ['# a comment \\\nA=1', { A: '1' }],
  ['A=1\nA=2', { A: '2' }],
  ['no equals sign\nA=1', { A: '1' }],
])('%j', (text, expected) => {
  expect(values(text)).toEqual(expected)
})

test('each value knows its line, also behind a value of several lines', () => {
  const { variables } = read('# c\nA="x\ny"\n\nB=1\n')
  expect(variables.get('A')?.source).toBe('/etc/default/st2chatops:2')
  expect(variables.get('B')?.source).toBe('/etc/default/st2chatops:5')
})

test('what systemd ignores is ignored, with a warning that names the line and no value', () => {
  const { variables, warnings } = read('export A=canary\n1B=canary\nC=1')
  expect([...variables.keys()]).toEqual(['C'])
  expect(warnings).toEqual([
    '/etc/default/st2chatops:1: the line has no effect: systemd does not know export; write NAME=value alone',
    '/etc/default/st2chatops:2: the line has no effect: what stands before = is not the name of a variable',
  ])
})
