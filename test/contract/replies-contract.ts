import { randomUUID } from 'node:crypto'
import type { Reply, ReplyLine } from '../../shared/messaging/reply-line'
import { eventually } from '../support/eventually'

export function replyOf(change: Partial<Reply> = {}): Reply {
  return {
    id: randomUUID(),
    source: '/test',
    token: randomUUID(),
    group: 'ledger',
    outcome: 'processed',
    reason: undefined,
    body: Buffer.from('{"a":1}'),
    omitted: undefined,
    ...change,
  }
}

/** The address of a line, and what comes to it. */
export async function listening(line: ReplyLine): Promise<{ address: string; heard: Reply[] }> {
  const heard: Reply[] = []
  line.listen((reply) => heard.push(reply))
  return { address: await addressOf(line), heard }
}

export function addressOf(line: ReplyLine): Promise<string> {
  return eventually('there is an address', () => line.address())
}

/** What every way back promises, whatever carries it. Two lines of one call have the same broker behind them. */
export function repliesContract(name: string, open: () => Promise<readonly [asker: ReplyLine, answerer: ReplyLine]>) {
  describe(`${name} keeps the contract of replies`, () => {
    test.each<[string, Partial<Reply>]>([
      ['a result', {}],
      ['no result', { body: Buffer.alloc(0) }],
      ['one that is left out', { body: Buffer.alloc(0), omitted: 'too_large' }],
      ['a duplicate', { outcome: 'duplicate', body: Buffer.alloc(0) }],
      ['a dead one', { outcome: 'dead', reason: 'rejected', body: Buffer.from('{"detail":"Grüße"}') }],
      ['a large one beside texts beyond ASCII', { id: 'ü', source: '/wörld', body: Buffer.alloc(262_144, '1') }],
    ])('%s arrives as it was sent', async (_what, change) => {
      const [asker, answerer] = await open()
      const { address, heard } = await listening(asker)
      const reply = replyOf(change)
      expect(await answerer.send(address, reply)).toBe('sent')
      await eventually('it was heard', () => heard.length > 0)
      expect(heard).toEqual([reply])
    })

    test('the address stays while nothing happens', async () => {
      const [asker] = await open()
      expect(await addressOf(asker)).toBe(await addressOf(asker))
    })

    test('says that nobody is at an address', async () => {
      const [, answerer] = await open()
      expect(await answerer.send(`nobody.${randomUUID()}`, replyOf())).toBe('unroutable')
    })
  })
}
