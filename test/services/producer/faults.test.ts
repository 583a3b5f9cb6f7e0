/** Messages that a producer is made to publish past its own door. */
import { producerFaults } from '../../../services/producer/faults/producer-faults'
import { catalogue } from '../../../shared/messages/catalogue'
import { decodeBody } from '../../../shared/messages/body'
import type { MessageType } from '../../../shared/messages/message'
import { shapeErrors } from '../../../shared/messages/shape'
import type { Envelope, PublishOutcome, Transport } from '../../../shared/messaging/transport'

function faultsOf(outcome: PublishOutcome = 'confirmed') {
  const published: Envelope[] = []
  const publish: Transport['publish'] = (envelope) => {
    published.push(envelope)
    return Promise.resolve({ outcome, detail: 'so it is' })
  }
  const status = () => ({ publishing: { ok: true, detail: 'ready' } }) as ReturnType<Transport['status']>
  const acts = producerFaults({ transport: { publish, status }, catalogue, namespace: 'test' })
  const strike = (kind: string, asked: Record<string, unknown>) =>
    acts[kind]?.strike(asked) ?? Promise.reject(new Error(kind))
  return { published, acts, strike }
}

describe.each(catalogue.map((type) => [type.name, type] as const))('%s', (name, type: MessageType) => {
  test('is poisoned with what is no JSON', async () => {
    const { published, strike } = faultsOf()
    const struck = await strike('poison', { type: name })
    const [{ id, source, data, contentType } = {} as Envelope] = published
    expect(struck.messages).toEqual([{ id, source }])
    expect([id.startsWith('poison-'), source]).toEqual([true, '/test/faults'])
    expect(decodeBody(data, contentType, type).kind).toBe('unreadable')
  })

  test('is poisoned with a wrong shape', async () => {
    const { published, strike } = faultsOf()
    await strike('poison', { type: name, body: 'wrong shape' })
    const decoded = decodeBody((published[0] as Envelope).data, published[0]?.contentType, type)
    expect(decoded.kind === 'data' && shapeErrors(type, decoded.data).length > 0).toBe(true)
  })

  test('comes several times with one id, each of them good', async () => {
    const { published, strike } = faultsOf()
    await strike('duplicate', { type: name, copies: 3 })
    expect(published).toHaveLength(3)
    expect(new Set(published.map(({ id }) => id)).size).toBe(1)
    const decoded = decodeBody((published[0] as Envelope).data, published[0]?.contentType, type)
    expect(decoded.kind === 'data' && shapeErrors(type, decoded.data)).toEqual([])
  })
})

const first = catalogue[0]?.name ?? ''

test('comes once more under the id that is named', async () => {
  const { published, strike } = faultsOf()
  await strike('repeat', { type: first, id: 'm-1', source: '/test/producer' })
  expect(published).toMatchObject([{ id: 'm-1', source: '/test/producer', type: first }])
})

test.each([
  ['poison', { type: 'nothing' }, 'there are'],
  ['poison', { type: first, body: 'soup' }, '"no JSON" or "wrong shape"'],
  ['duplicate', { type: first, copies: 1_000 }, 'from 2 to 20'],
  ['repeat', { type: first, id: 7 }, 'is no text'],
])('%s refuses %j', async (kind, asked, why) => {
  const { strike, published } = faultsOf()
  await expect(strike(kind, asked)).rejects.toThrow(why)
  expect(published).toEqual([])
})

test('what the broker does not confirm has not happened', async () => {
  await expect(faultsOf('not_accepted').strike('poison', { type: first })).rejects.toThrow('not_accepted: so it is')
})

test('without a connection nothing can be dropped', () => {
  const { acts } = faultsOf()
  expect(acts['drop-link']?.obstacle()).toContain('not connected')
})
