/** An import against a port that takes everything; what brokers do to it is told by test/e2e/dead-import.test.ts. */
import { Readable } from 'node:stream'
import type { DeadLetter, DeadLetters, KeptLetter } from '../../../shared/messaging/dead-letters'
import { importDeadLetters, type Import } from '../../../shared/operations/import-dead-letters'
import { lineOf } from '../../../shared/operations/letter-line'

const ledger = { name: 'ledger', routes: [], delaysMs: [] }
const letter = { id: 'a', body: Buffer.from('b') } as DeadLetter
const kept: KeptLetter = { body: Buffer.from('b'), properties: {}, headers: {} }
const line = lineOf(letter, { group: 'ledger', kept })

function imported(...readings: readonly (readonly string[])[]) {
  const rest = [...readings]
  const port = {
    read: () => letter,
    walk: () => Promise.resolve({ ready: 0, met: 0 }),
    put: () => Promise.resolve({ outcome: 'confirmed' }),
  } as unknown as DeadLetters
  const wanted: Import = {
    lines: () => Readable.from(rest.shift() ?? []) as AsyncIterable<string>,
    groupNamed: () => ledger,
    present: 'skip',
    begin: () => {},
    onLetter: () => {},
    signal: new AbortController().signal,
  }
  return importDeadLetters(port, wanted)
}

test('all that was checked is put', async () => {
  expect(await imported([line, line], [line, line])).toEqual({ imported: 2, skipped: 0 })
})

test('what is shorter when it is read again, as all is that can be read but once, has failed', async () => {
  await expect(imported([line, line], [])).rejects.toThrow(
    '0 dead letters are in and 0 were there, and the file ends: it had 2 when it was checked',
  )
  await expect(imported([line, line], [line])).rejects.toThrow(/^1 dead letters are in and 0 were there, and the file/)
})
