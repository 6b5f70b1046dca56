import { describe, expect, test } from 'bun:test'
import { takeExtras } from '../../src/alias/extras.ts'

describe('takeExtras', () => {
  test.each<[string, string, [string, string][]]>([
    ['run x', ' run x ', []],
    ['run x a=1', ' run x ', [['a', '1']]],
    ['run x a=1  b="two words" c=\'3\'', ' run x ', [['a', '1'], ['b', 'two words'], ['c', '3']]],
    ['a=1', '  ', [['a', '1']]],
    ['run x a= 1', ' run x a= 1 ', []],
    ['run x a = 1', ' run x a = 1 ', []],
    ['run x a =1', ' run x ', [['a', '1']]],
    ['run x e="" f=\'\'', ' run x ', [['e', ''], ['f', '']]],
    ['x a={"x": {"y": 1}}', ' x ', [['a', '{"x": {"y": 1}']]],
    ['x a="1\n2"\n', ' x ', [['a', '1\n2']]],
    ['open http://x?y=1', ' open ', [['http://x?y', '1']]],
    ['k=v and k=v', ' k=v and ', [['k', 'v']]],
    ['x k=v and k=v', ' x and ', [['k', 'v']]],
    ['x a="1" plain', ' x a="1" plain ', []],
    ['x a=""b"', ' x ', [['a', '']]],
    ['x\u00a0a=1', ' x ', [['a', '1']]],
    ['x\ufeffa=1', '  ', [['x\ufeffa', '1']]],
    ['x == =', ' x == = ', []],
    ['x ===', '  ', [['x', '==']]],
    ['', '  ', []],
  ])('%j', (command, subject, pairs) => {
    const extras = takeExtras(command)
    expect(extras.subject).toBe(subject)
    expect(extras.pairs).toEqual(pairs)
  })

  // The rule as one regular expression. It backtracks badly, which short texts do not show.
  const value = `(?:""|''|"[^]+?"|'[^]+?'|\\{[^]+?\\}|\\S+)`
  const tail = new RegExp(`^[^]*?((?:(?:^|\\s+)\\s*\\S+?\\s*=${value}\\s*)*)$`)

  test('finds the same tail as the rule on every short text', () => {
    const letters = ['a', '=', ' ', '"', "'", '{', '}']
    let checked = 0
    for (let number = 0; number < 7 ** 6; number++) {
      let text = ''
      for (let rest = number; rest > 0; rest = Math.floor(rest / 7)) text += letters[rest % 7]
      for (const command of [text, `x k=${text}`]) {
        const expected = tail.exec(command)?.[1] ?? ''
        if (takeExtras(command).tail !== expected) {
          expect({ command, tail: takeExtras(command).tail }).toEqual({ command, tail: expected })
        }
        checked++
      }
    }
    expect(checked).toBe(2 * 7 ** 6)
  }, 60_000)

  test.each([
    ['pairs and no end', 'run x on y' + ' a="b"'.repeat(200_000) + ' ='],
    ['unclosed quotes', 'a="b '.repeat(200_000)],
    ['open braces', 'a={'.repeat(300_000)],
    ['equals signs', '='.repeat(1_000_000)],
    ['blanks', 'run' + ' '.repeat(1_000_000) + 'x = '],
  ])('takes time in proportion to the text: %s', (_, text) => {
    expect(takeExtras(text).subject.length).toBeLessThanOrEqual(text.length + 2)
  }, 20_000)
})
