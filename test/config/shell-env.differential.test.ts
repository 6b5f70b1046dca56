import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigurationError } from '../../src/config/error.ts'
import { readShellEnv } from '../../src/config/shell-env.ts'
import { variablesOf } from '../../src/config/variables.ts'
import { askDash, haveDash } from './dash.ts'
import { createRandom, type Random } from './random.ts'
import { anyFile, insideFile, startEnvironment } from './shell-files.ts'

/** sh sets these by itself; the reader refuses files that speak of them. */
const shellsOwn = new Set(['PWD', 'OLDPWD', '_', 'PATH'])

const comparable = (variables: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(variables).filter(([name]) => !shellsOwn.has(name)).sort())

/** What the reader makes of a file, or undefined when it refuses. Any other error fails the test. */
const ours = (text: string, environment: Readonly<Record<string, string>>): string | undefined => {
  try {
    const { exported } = readShellEnv({ path: 'f', text }, variablesOf(environment, 'environment'))
    return comparable(
      Object.fromEntries([...exported].map(([name, { value }]) => [name, value])),
    )
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined
    throw error
  }
}

type Outcome = { same: number; refused: string[]; bothFail: number; wrong: string[] }

const compare = (
  files: readonly string[],
  environment: Readonly<Record<string, string>>,
): Outcome => {
  const answers = askDash(files, environment)
  const outcome: Outcome = { same: 0, refused: [], bothFail: 0, wrong: [] }
  files.forEach((text, index) => {
    const answer = answers[index]
    const dash = answer && comparable(answer)
    const mine = ours(text, environment)
    if (mine === undefined && dash === undefined) outcome.bothFail++
    else if (mine === undefined) outcome.refused.push(text)
    else if (mine === dash) outcome.same++
    else outcome.wrong.push(`${JSON.stringify(text)}\n  dash: ${dash}\n  ours: ${mine}`)
  })
  return outcome
}

/** Change it to walk through other files; a failure names it. */
const seed = 20_261_122

const generated = (count: number, make: (random: Random) => string): readonly string[] => {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => make(random))
}

// The budget is for a machine under load: dash starts one program for each file.
describe.skipIf(!haveDash)(`against dash, seed ${seed}`, () => {
  test('2,200 files inside the subset: same variables, same values, none refused', () => {
    const { same, refused, bothFail, wrong } = compare(
      generated(2_200, insideFile),
      startEnvironment,
    )
    expect(wrong).toEqual([])
    expect(refused).toEqual([])
    // Files with ${A:?} where A is not set.
    expect(bothFail).toBeLessThan(150)
    expect(same + bothFail).toBe(2_200)
  }, 180_000)

  test('800 files of any kind: the same, or refused', () => {
    const { same, refused, bothFail, wrong } = compare(generated(800, anyFile), startEnvironment)
    expect(wrong).toEqual([])
    expect(same).toBeGreaterThan(50)
    expect(same + refused.length + bothFail).toBe(800)
  }, 180_000)

  test('the example file and the old template, with each line uncommented', () => {
    const root = join(import.meta.dir, '..', '..')
    const files = ['st2chatops.env.example', 'test/config/fixtures/template-3.8.env']
      .map((name) => readFileSync(join(root, name), 'utf8'))
      .flatMap((text) => {
        const shapes = text.split('\n').filter((line) => line.startsWith('# export '))
          // The one shape that sh itself cannot read as it is meant.
          .filter((line) => !line.includes('<password>'))
          .map((line) => line.slice(2))
        return [text, ...shapes, shapes.join('\n')]
      })
    for (const environment of [startEnvironment, { ST2_API_KEY: 'k', HUBOT_ALIAS: '"$x`' }]) {
      const { same, refused, wrong } = compare(files, environment)
      expect(wrong).toEqual([])
      expect(refused).toEqual([])
      expect(same).toBe(files.length)
    }
  }, 180_000)
})
