import fc from 'fast-check'
import { ElementSplitter } from '../../../../services/producer/http/batch/element-splitter'
import { LineSplitter } from '../../../../services/producer/http/batch/line-splitter'
import type { Piece, Splitter } from '../../../../services/producer/http/batch/piece'

/** Pushes the bytes cut at these places, and ends. */
function piecesOf(splitter: Splitter, bytes: Buffer, cuts: readonly number[]): readonly Piece[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  const chunks = places.slice(1).map((to, at) => bytes.subarray(places[at], to))
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()]
}

const textOf = (piece: Piece) => (piece.kind === 'event' ? piece.bytes.toString() : piece.kind)
const cuts = fc.array(fc.nat(10_000), { maxLength: 20 })
const space = fc.stringMatching(/^[ \t\n\r]{0,3}$/)
const none: readonly number[] = []

describe('lines', () => {
  const lines = (text: string, most = 1_000) => piecesOf(new LineSplitter(most), Buffer.from(text), none).map(textOf)

  test.each([
    ['', []],
    ['{}', ['{}']],
    ['{}\n', ['{}']],
    ['{}\r\n[]\n\n  \n1', ['{}\r', '[]', '1']],
    ['\n\n', []],
  ])('%j', (text, expected) => {
    expect(lines(text)).toEqual(expected)
  })

  test('one that is too long is told, and those around it are not touched', () => {
    expect(lines('12345\n123456\n1', 5)).toEqual(['12345', 'too long', '1'])
    expect(lines('123456', 5)).toEqual(['too long'])
  })

  test('are the same however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), cuts, (values, places) => {
        const text = values.map((value) => JSON.stringify(value)).join('\n')
        const cut = piecesOf(new LineSplitter(100_000), Buffer.from(text), places)
        expect(cut.map((piece) => JSON.parse(textOf(piece)) as unknown)).toEqual(JSON.parse(JSON.stringify(values)))
      }),
    )
  })
})

describe('elements', () => {
  const elements = (text: string, most = 1_000) =>
    piecesOf(new ElementSplitter(most), Buffer.from(text), none).map((piece) =>
      piece.kind === 'broken' ? piece.detail : textOf(piece),
    )

  test.each([
    ['[]', []],
    [' [ ] \n', []],
    ['[{}]', ['{}']],
    ['[{"a":"]}"} , {"b":"\\"}"},[1,[2]], "x,y" ,1 ]', ['{"a":"]}"}', '{"b":"\\"}"}', '[1,[2]]', '"x,y"', '1']],
    ['', ['the batch is no JSON list: the list ends before its "]"']],
    ['{}', ['the batch is no JSON list: it does not begin with "["']],
    ['[{}', ['{}', 'the batch is no JSON list: the list ends before its "]"']],
    ['[{}{}]', ['{}', 'the batch is no JSON list: there is no comma between two events']],
    ['[{},]', ['{}', 'the batch is no JSON list: a comma has no event behind it']],
    ['[,{}]', ['the batch is no JSON list: a comma has no event before it']],
    ['[1{}]', ['the batch is no JSON list: there is no comma between two events']],
    ['[{],{}]', ['the batch is no JSON list: a bracket is closed by one of another kind']],
    [`[${'['.repeat(2_000)}`, ['the batch is no JSON list: more than 1000 brackets are open']],
    ['[{}] x', ['{}', 'the batch is no JSON list: there is something behind the "]"']],
  ])('%j', (text, expected) => {
    expect(elements(text)).toEqual(expected)
  })

  test('one that is too long is told, and those around it are not touched', () => {
    expect(elements('["123",{"a":"12345"},[1]]', 8)).toEqual(['"123"', 'too long', '[1]'])
  })

  test('are the same however the bytes are cut, and whatever space is between them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.jsonValue(), space, space)), space, cuts, (values, behind, places) => {
        const list = values.map(([value, before, after]) => `${before}${JSON.stringify(value)}${after}`).join(',')
        const cut = piecesOf(new ElementSplitter(100_000), Buffer.from(`${behind}[${list}]${behind}`), places)
        expect(cut.map((piece) => JSON.parse(textOf(piece)) as unknown)).toEqual(
          JSON.parse(JSON.stringify(values.map(([value]) => value))),
        )
      }),
    )
  })

  test('what is no JSON list ends in a piece that says so, or in an element that is none', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'[]{},"\\ 1a') }), cuts, (text, places) => {
        const pieces = piecesOf(new ElementSplitter(1_000), Buffer.from(text), places)
        const isList = isJson(text) && text.trim().startsWith('[')
        const looksWhole = pieces.every((piece) => piece.kind === 'event' && isJson(textOf(piece)))
        expect(looksWhole).toBe(isList)
      }),
      { numRuns: 2_000 },
    )
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
