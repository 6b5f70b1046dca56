import { expect, test } from 'bun:test'
import { createUnacknowledged } from '../../../adapters/xmpp/unacknowledged.ts'
import { xml } from '../../../adapters/xmpp/xml.ts'

const start = (count: number) => {
  const told: string[] = []
  const out = createUnacknowledged()
  const add = (name: string): void =>
    out.add({
      stanza: xml(name, {}),
      isFleeting: false,
      handled: () => told.push(`${name} handled`),
      lost: () => told.push(`${name} lost`),
    })
  for (let number = 1; number <= count; number++) add(`s${number}`)
  return { out, add, told, rest: () => out.rest().map((stanza) => stanza.name) }
}

test('acknowledgements tell of all that came before', () => {
  const { out, told, rest } = start(3)
  out.acknowledge(2)
  out.acknowledge(2)
  expect(told).toEqual(['s1 handled', 's2 handled'])
  expect(rest()).toEqual(['s3'])
})

test('a number that cannot be is not believed', () => {
  const { out, told } = start(2)
  out.acknowledge(1)
  for (const odd of [0, 3, 99, Number.NaN, -1]) expect(out.acknowledge(odd)).toBe(false)
  expect(told).toEqual(['s1 handled'])
  expect(out.acknowledge(2)).toBe(true)
  expect(told).toEqual(['s1 handled', 's2 handled'])
})

test('what was not acknowledged when the stream ended is lost, and counting begins anew', () => {
  const { out, add, told } = start(2)
  out.acknowledge(1)
  out.giveUp(new Error('gone'))
  expect(told).toEqual(['s1 handled', 's2 lost'])
  add('s3')
  out.acknowledge(1)
  expect(told.at(-1)).toBe('s3 handled')
})
