import { expect, test } from 'bun:test'
import { createParser, type Element, parseFrame, write, xml } from '../../../adapters/xmpp/xml.ts'

const parse = (...pieces: readonly string[]) => {
  const elements: Element[] = []
  const ends: string[] = []
  const feed = createParser({
    onElement: (element) => elements.push(element),
    onEnd: () => ends.push('end'),
    onBroken: () => ends.push('broken'),
  })
  for (const piece of pieces) feed(piece)
  return { elements, ends }
}

test('what is written holds nothing that XML does not allow', () => {
  const body = 'a\u0000b\u001bc\ud800d\uffffe\tf\ng]]><&"\u{1f600}'
  const text = write(xml('message', { to: 'a"b' }, xml('body', {}, body)))
  expect(text).toBe(
    '<message to="a&quot;b"><body>abc\ufffdde\tf\ng]]&gt;&lt;&amp;"\u{1f600}</body></message>',
  )
})

test('a stream is read piece by piece', () => {
  const { elements, ends } = parse('<s xmlns="x"><a/><b', '><c>te', 'xt</c></b></', 's>')
  expect(elements.map(String)).toEqual(['<a/>', '<b><c>text</c></b>'])
  expect(elements[0]?.getNS()).toBe('x')
  expect(ends).toEqual(['end'])
})

test('what is no XML ends it once, and nothing comes behind', () => {
  for (const odd of ['</b>', '&nope;</s>', '&#0;<a/>', 'text</s></b>']) {
    const { elements, ends } = parse('<s>', `<a>${odd}`, '<c/>', '<d/>')
    expect(ends).toEqual(['broken'])
    expect(elements.map(String)).toEqual([])
  }
})

test('a frame is one element', () => {
  expect(parseFrame('<open xmlns="urn:x" to="y"/>')?.attrs['to']).toBe('y')
  expect(parseFrame('<?xml version="1.0"?> <a><b/></a>')?.getName()).toBe('a')
  for (const odd of ['', 'text', '<a>', '</frame>']) expect(parseFrame(odd)).toBeUndefined()
})
