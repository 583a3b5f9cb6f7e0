/** A dead letter in a shell and in a test. */
import { execFileSync } from 'node:child_process'
import { hexDump } from '../../../../services/console/web/data/hex-dump'
import { bytesOf } from '../../../../services/console/web/data/letters/body-bytes'
import { editBody } from '../../../../services/console/web/data/letters/edit-body'
import { curlOf, fixtureOf } from '../../../../services/console/web/data/letters/elsewhere'
import type { WholeLetter } from '../../../../services/console/web/data/letters/letters'

const letter: WholeLetter = {
  ...{ id: 'A-1', source: '/s', type: 'order.placed', reason: 'failed', error: 'Error: gone', signature: '5f' },
  ...{ attempts: 5, replays: 0, contentType: 'application/json', replaysTo: 'handoff.ledger.v1', schemaErrors: [] },
  headers: { 'handoff-reason': 'failed', 'x-death': [], tenant: 'acme' },
  properties: {},
  body: '{"note":"it\'s @home $HOME","id":9007199254740993}',
}

/** What a shell makes of a command line. */
function argumentsIn(command: string): readonly string[] {
  const print = command.replace(/^curl/, `printf '%s\\0'`)
  return execFileSync('sh', ['-c', print]).toString().split('\0').slice(0, -1)
}

test('curl gets the data byte for byte, whatever stands in it', () => {
  expect(argumentsIn(curlOf(letter, 'http://p') ?? '')).toEqual([
    ...['-H', 'content-type: application/json', '--data-raw', letter.body],
    'http://p/messages/order.placed',
  ])
  expect(argumentsIn(curlOf({ ...letter, data: '{"of":"an event"}' }, 'http://p') ?? '')).toContain('{"of":"an event"}')
  const { body: _, type: __, ...bare } = letter
  expect(curlOf({ ...bare, type: 'x', bodyBase64: 'AP8=' }, 'http://p')).toContain('echo AP8= | base64 -d | curl')
  expect(curlOf(bare, 'http://p')).toBeUndefined()
})

test('a fixture is JSON with the message, without what its death wrote on it, and no digit is lost', () => {
  const text = fixtureOf(letter, 'ledger')
  expect(JSON.parse(text)).toMatchObject({
    ...{ id: 'A-1', type: 'order.placed', headers: { tenant: 'acme' } },
    died: { group: 'ledger', reason: 'failed', error: 'Error: gone', attempts: 5 },
  })
  expect(text).toContain(`"data": ${letter.body}`)
  expect(text).not.toContain('x-death')
  expect(JSON.parse(fixtureOf({ ...letter, body: 'no JSON' }, 'ledger'))).toMatchObject({ data: 'no JSON' })
})

test('edited data goes as it is written', () => {
  expect(editBody({ data: '{"id": 9007199254740993}', expected: 1, reason: '' })).toBe(
    '{"expected":1,"data":{"id": 9007199254740993}}',
  )
  expect(JSON.parse(editBody({ data: '"text"', expected: 2, reason: 'a "b"' }))).toEqual({
    ...{ expected: 2, reason: 'a "b"', data: 'text' },
  })
})

test('bytes are shown as they are', () => {
  expect([...bytesOf({ body: 'ü' })]).toEqual([0xc3, 0xbc])
  expect(hexDump(bytesOf({ bodyBase64: 'AGFi/w==' }), 16)).toBe(`00000000  00 61 62 ff${' '.repeat(36)}  .ab.`)
  expect(hexDump(new Uint8Array(40), 20).split('\n')).toHaveLength(2)
})
