import type { Content } from '../../../shared/journal/content'
import { contentKeeper } from '../../../shared/journal/content-keeper'
import { contentPublishing } from '../../../shared/journal/content-publishing'
import type { Envelope, PublishOutcome } from '../../../shared/messaging/transport'

const envelope: Envelope = {
  ...{ id: 'A-1', source: '/shop', type: 'order.placed', time: undefined, contentType: 'application/json' },
  ...{ data: Buffer.from('{}'), extensions: {} },
}

async function keptAfter(outcome: PublishOutcome, change: { wanted?: boolean; bytes?: number } = {}) {
  const kept: Content[] = []
  const journal = { wants: () => change.wanted ?? true, keep: (content: Content) => void kept.push(content) }
  const publish = () => Promise.resolve({ outcome, detail: 'said so' })
  const contents = contentKeeper({ JOURNAL_DATA_BYTES: change.bytes ?? 100 })
  const result = await contentPublishing({ publish }, { journal, contents }).publish(envelope, { kind: 'event' })
  expect(result).toEqual({ outcome, detail: 'said so' })
  return kept.map(({ id }) => id)
}

test.each(['confirmed', 'unknown', 'dropped'] as const)('what was %s is kept', async (outcome) => {
  expect(await keptAfter(outcome)).toEqual(['A-1'])
})

test.each(['not_accepted', 'unroutable'] as const)('what was %s is nowhere, and not kept', async (outcome) => {
  expect(await keptAfter(outcome)).toEqual([])
})

test('nothing is kept of a message that the sample leaves out, and nothing at all by default', async () => {
  expect(await keptAfter('confirmed', { wanted: false })).toEqual([])
  expect(await keptAfter('confirmed', { bytes: 0 })).toEqual([])
})
