import { describe, expect, test } from 'bun:test'
import { outageNames } from './outages.ts'
import { longForm, makePlan, type Planned, shortForm } from './plan.ts'

const count = (plan: readonly Planned[], kind: Planned['kind']): number =>
  plan.filter((action) => action.kind === kind).length

describe('the plan', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(makePlan(7, shortForm)).toEqual(makePlan(7, shortForm))
    expect(makePlan(7, shortForm)).not.toEqual(makePlan(8, shortForm))
  })

  test.each([['short', shortForm], ['long', longForm]])('holds what it says: %s', (_, size) => {
    const plan = makePlan(1, size)
    expect(count(plan, 'command')).toBe(size.commands)
    expect(count(plan, 'announce')).toBe(size.announcements)
    expect(count(plan, 'outage')).toBe(size.outages)
    expect(count(plan, 'kill') + count(plan, 'kill at a fail point')).toBe(size.kills)
  })

  test('breaks one thing at a time, within its time', () => {
    const plan = makePlan(3, longForm)
    let free = 0
    for (const action of plan) {
      if (action.kind !== 'outage') continue
      expect(action.at).toBeGreaterThanOrEqual(free)
      free = action.at + action.lasts
    }
    expect(free).toBeLessThanOrEqual(longForm.seconds * 1000)
  })

  test('the long form meets every kind of outage', () => {
    const met = new Set(
      makePlan(5, longForm).flatMap((action) => action.kind === 'outage' ? [action.name] : []),
    )
    expect([...met].toSorted()).toEqual([...outageNames].toSorted())
  })
})
