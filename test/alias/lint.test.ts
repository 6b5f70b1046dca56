import { describe, expect, test } from 'bun:test'
import { lint } from '../../src/alias/lint.ts'
import { aliasDocument } from './documents.ts'

const findingsOf = (...formats: unknown[]) => lint([aliasDocument('one', formats)])

describe('lint', () => {
  test.each<[unknown, 'error' | 'warning', string]>([
    ['x ( {{y}}', 'error', 'no valid regular expression'],
    ['x {{a}} {{a}}', 'error', 'same placeholder stands in it twice'],
    ['x {{my-name}}', 'error', "placeholder's name is not allowed"],
    ['(?i)hello {{x}}', 'error', 'Flags such as (?i)'],
    ['^foo$', 'error', 'can never match'],
    ['go {{a=x\ny}}', 'error', 'spans lines'],
    [{ display: 'd', representation: 'text' }, 'error', 'representation is plain text'],
    [null, 'error', 'Format 1 is not usable'],
    [{ display: 'd' }, 'warning', 'no representation'],
    [{ representation: ['x'] }, 'warning', 'no display text'],
    ['(?!a)b {{x}}', 'warning', 'look-around'],
    ['(?>a)b', 'warning', 'Python 3.11 and later only'],
    ['a++ b', 'warning', 'Python 3.11 and later only'],
    ['a  b', 'warning', 'several blanks in a row'],
    ['a\tb', 'warning', 'a tab or a line break'],
    ['a {{x}} ', 'warning', 'ends with a blank'],
    ['{{x}}', 'warning', 'fits every command'],
    ['a {{x}', 'warning', '1 "{{" and 0 "}}"'],
    ['a {{my param}}', 'warning', 'blank inside its name'],
    ['', 'warning', 'empty'],
  ])('%j', (format, level, message) => {
    const finding = findingsOf(format).find((one) => one.message.includes(message))
    expect(finding).toMatchObject({ level, ref: 'demo.one' })
    expect(finding?.advice).toMatch(/\.$/)
  })

  test.each([
    'run {{cmd}} on {{hosts}}',
    'list {{limit=10}} of {{kind={"a": "b"}}}',
    '^\\s*deploy {{x}}\\s*$',
    'get( type {{t}})? {{user}}',
    'say "{{text}}"',
  ])('has nothing to say of %s', (format) => {
    expect(findingsOf(format)).toEqual([])
  })

  test('looks at aliases together: one name, one format', () => {
    const findings = lint([
      aliasDocument('same', ['hi {{x}}']),
      aliasDocument('same', ['other {{x}}'], { pack: 'second' }),
      aliasDocument('third', ['hi {{name}}']),
      aliasDocument('disabled', ['hi {{z}}'], { enabled: false }),
    ])
    expect(findings.map(({ level, ref }) => [level, ref])).toEqual([
      ['error', 'second.same'],
      ['warning', 'demo.third'],
    ])
  })

  test('says what is no alias at all', () => {
    const findings = lint([null, {}, { name: 'x', pack: 'p', formats: 'text' }])
    expect(findings.map(({ level, ref }) => [level, ref])).toEqual([
      ['error', '(no alias)'],
      ['error', '?.?'],
      ['error', 'p.x'],
    ])
  })
})
