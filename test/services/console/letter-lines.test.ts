import { LetterLines, type LetterLine } from '../../../services/console/http/letter-lines'

const letter = (id: string): LetterLine => ({ id, source: '/s', outcome: 'replayed' })

/** Lines to a caller who takes so many, and no more before he is told to. */
function linesTo(taker: { takes: number }) {
  const written: string[] = []
  const offer = (line: string) => {
    if (taker.takes === 0) return 'not now'
    taker.takes--
    written.push((JSON.parse(line) as { id: string }).id)
    return 'written'
  }
  return { written, letters: new LetterLines({ begin: () => {}, write: () => Promise.resolve(), offer }) }
}

test('each is written in its order as soon as the caller takes it, and the rest before the last line', () => {
  const taker = { takes: 1 }
  const { written, letters } = linesTo(taker)
  for (const id of ['a', 'b', 'c']) letters.tell(letter(id))
  expect(written).toEqual(['a'])
  taker.takes = 2
  letters.tell(letter('d'))
  expect(written).toEqual(['a', 'b', 'c'])
  expect(letters.rest().map((line) => JSON.parse(line) as object)).toEqual([{ step: 'letter', ...letter('d') }])
  expect(letters.rest()).toEqual([])
})

test('whoever reads nothing is told how many he did not hear of', () => {
  const { letters } = linesTo({ takes: 0 })
  for (let n = 0; n < 20_003; n++) letters.tell(letter(`m-${n}`))
  const rest = letters.rest()
  expect(rest).toHaveLength(20_001)
  expect(rest.at(-1)).toBe('{"step":"untold","letters":3}')
})
