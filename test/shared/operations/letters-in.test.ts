/** The file of an export, line by line. */
import { Readable } from 'node:stream'
import type { DeadLetter, KeptLetter } from '../../../shared/messaging/dead-letters'
import { lineOf, readLine } from '../../../shared/operations/letter-line'
import { BadLines, checkedLetters } from '../../../shared/operations/letters-in'
import { OperationError } from '../../../shared/operations/operation-error'
import { atEnd } from '../../support/ends'

const ledger = { name: 'ledger', routes: [], delaysMs: [] }
const letter = { id: 'a', source: '/s', type: 't', reason: 'failed', deadAt: 'then', route: 'e/k' } as DeadLetter
const kept: KeptLetter = { body: Buffer.from([0, 255, 10]), properties: { messageId: 'a' }, headers: { h: 'v' } }
const line = lineOf(letter, { group: 'ledger', kept })

const reading = {
  deadLetters: {
    read: ({ headers }: KeptLetter) => {
      if (headers['bad'] !== undefined) throw new Error('header "bad": no')
      return letter
    },
  },
  groupNamed: (name: string) => {
    if (name === 'ledger') return ledger
    throw new OperationError(`there is no group "${name}"`)
  },
}

const linesOf = (lines: readonly string[]) => () => Readable.from(lines) as AsyncIterable<string>

test('a line is JSON with the facts for a reader, and comes back whole', () => {
  expect(line).not.toContain('\n')
  expect(JSON.parse(line)).toEqual({
    ...letter,
    version: 1,
    group: 'ledger',
    properties: { messageId: 'a' },
    headers: { h: 'v' },
    bodyBase64: 'AP8K',
  })
  expect(readLine(line)).toEqual({ group: 'ledger', kept })
})

test('good lines are counted, with their groups; empty ones are none', async () => {
  expect(await checkedLetters(linesOf([line, '', line, ' ']), reading)).toEqual({ count: 2, groups: [ledger] })
})

test('each bad line is told by its number, with why', async () => {
  const change = (facts: object) => JSON.stringify({ ...(JSON.parse(line) as object), ...facts })
  const lines = [
    line,
    line.slice(0, -5),
    '[]',
    change({ version: 2 }),
    change({ group: 7 }),
    change({ group: 'nobody' }),
    '',
    change({ headers: [] }),
    change({ properties: undefined }),
    change({ bodyBase64: 'AP8' }),
    change({ headers: { bad: 1 } }),
  ]
  await expect(checkedLetters(linesOf(lines), reading)).rejects.toThrow(
    [
      'nothing was imported, since 9 of 10 lines cannot be',
      'line 2: it is not JSON',
      'line 3: the line is no JSON object',
      'line 4: version is 2; this program reads 1',
      'line 5: group is missing: the name of the group that it is a dead letter of',
      'line 6: there is no group "nobody"',
      'line 8: headers is no JSON object',
      'line 9: properties is no JSON object',
      'line 10: bodyBase64 is no base64',
      'line 11: header "bad": no',
    ].join('\n'),
  )
})

test('of very many bad lines a hundred are told', async () => {
  const refused = checkedLetters(linesOf(Array.from({ length: 102 }, () => 'x')), reading)
  await expect(refused).rejects.toThrow(/^nothing was imported, .*(\nline \d+: it is not JSON){100}\nand 2 more$/)
})

test('of a file of bad lines no more than those are kept, and others have their turn while it is read', async () => {
  const bytes = Buffer.from('x\n'.repeat(50_000))
  // As the console reads what it was sent.
  // eslint-disable-next-line @typescript-eslint/require-await
  async function* lines(): AsyncIterable<string> {
    for (let from = 0; from < bytes.length; from += 2) yield bytes.toString('utf8', from, from + 1)
  }
  let turns = 0
  const others = setInterval(() => turns++, 1)
  atEnd(() => clearInterval(others))
  const refused: unknown = await checkedLetters(lines, reading).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(BadLines)
  expect((refused as BadLines).lines).toHaveLength(100)
  expect((refused as BadLines).message).toMatch(/^nothing was imported, since 50000 of 50000 .*\nand 49900 more$/s)
  expect(turns).toBeGreaterThan(1)
})

test('a file without a letter is refused', async () => {
  await expect(checkedLetters(linesOf(['']), reading)).rejects.toThrow('there is no dead letter in it')
})
