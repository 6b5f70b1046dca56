import { describe, expect, test } from 'bun:test'
import { CastError, castParameter } from '../../src/alias/cast.ts'

describe('castParameter', () => {
  test.each<[string, string | null, unknown]>([
    ['integer', ' -1_000 ', -1000],
    ['integer', '٣٤', 34],
    ['number', '.5e1', 5],
    ['number', '-inf', -Infinity],
    ['boolean', 'TRUE', true],
    ['boolean', '0x10', 16],
    ['array', ' a, b ', ['a', 'b']],
    ['object', '{"a": [1]}', { a: [1] }],
    ['object', "{'a': (1, -2.5, None, True, 'x\\ny'), 2: {'b'}}", {
      a: [1, -2.5, null, true, 'x\ny'],
      2: ['b'],
    }],
    ['object', '(1)', 1],
    ['object', '(1,)', [1]],
    ['object', '1, 2', [1, 2]],
    ['string', '%*****__%NONE%__*****%', null],
    ['string', null, null],
    ['unknown', 'x', 'x'],
  ])('%s from %j', (type, value, result) => {
    expect(castParameter('p', type, value)).toEqual(result)
  })

  test.each([
    ['integer', '1.0', "invalid literal for int() with base 10: '1.0'"],
    ['integer', "it's", 'invalid literal for int() with base 10: "it\'s"'],
    ['number', '1_', "could not convert string to float: '1_'"],
    ['boolean', '', 'invalid syntax (<unknown>, line 0)'],
    ['boolean', 'yes', 'malformed node or string on line 1: <ast.Name object at'],
    ['object', '{bad', "'{' was never closed (<unknown>, line 1)"],
    ['object', '[1', "'[' was never closed (<unknown>, line 1)"],
    ['object', '1 2', 'invalid syntax (<unknown>, line 1)'],
  ])('refuses %s from %j', (type, value, reason) => {
    expect(() => castParameter('p', type, value)).toThrow(CastError)
    expect(() => castParameter('p', type, value)).toThrow(
      `Failed to cast value "${value}" (type: str) for parameter "p" of type "${type}": ${reason}`,
    )
  })

  test.each([
    ['{'.repeat(200) + '1', "'{' was never closed"],
    ['([{'.repeat(1_000) + '1' + '}])'.repeat(1_000), 'too many nested parentheses'],
    ['-'.repeat(100_000) + '1', 'malformed node'],
  ])('refuses what is nested deeply without delay', (value, reason) => {
    expect(() => castParameter('p', 'object', value)).toThrow(reason)
  })

  test('reads what is nested as deeply as Python reads', () => {
    const value = castParameter('p', 'object', `${'{'.repeat(200)}1${'}'.repeat(200)}`)
    expect(JSON.stringify(value)).toBe(`${'['.repeat(200)}1${']'.repeat(200)}`)
  })

  test('a set in a dictionary, and a set of what is no name', () => {
    expect(castParameter('p', 'object', "{1, 'b', }")).toEqual([1, 'b'])
    expect(castParameter('p', 'object', "{'a': {1}, 'b': {}}")).toEqual({ a: [1], b: {} })
    expect(() => castParameter('p', 'object', '{1: 2, 3}')).toThrow('invalid syntax')
    expect(() => castParameter('p', 'object', '{1 2}')).toThrow('invalid syntax')
    expect(() => castParameter('p', 'object', '{a, b}')).toThrow('ast.Name')
  })
})
