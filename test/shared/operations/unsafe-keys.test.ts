import { unsafeKeys } from '../../../shared/operations/unsafe-keys'

const parking = { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000_000, 'x-overflow': 'reject-publish' }
const tier = {
  'x-queue-type': 'quorum',
  'x-message-ttl': 5_000,
  'x-dead-letter-exchange': 'ns.requeue.v1',
  'x-overflow': 'reject-publish',
}

const keysOf = (facts: Record<string, unknown>, definition: Record<string, unknown>) =>
  unsafeKeys(facts, definition).map(({ key }) => key)

test.each<[string, Record<string, unknown>, Record<string, unknown>, readonly string[]]>([
  ['drop-head', parking, { overflow: 'drop-head' }, ['overflow']],
  [
    'drop-head with limits',
    parking,
    { overflow: 'drop-head', 'max-length': 9, 'max-length-bytes': 9 },
    ['overflow', 'max-length', 'max-length-bytes'],
  ],
  ['another overflow', parking, { overflow: 'reject-publish-dlx' }, ['overflow']],
  ['a time limit where there is none', parking, { 'message-ttl': 86_400_000 }, ['message-ttl']],
  ['a shorter time limit', tier, { 'message-ttl': 4_999 }, ['message-ttl']],
  ['an end when unused', tier, { expires: 1_000 }, ['expires']],
  ['fewer returns', parking, { 'delivery-limit': 20 }, ['delivery-limit']],
  ['a number of returns that 3.10 takes for the lowest', parking, { 'delivery-limit': -1 }, ['delivery-limit']],
  ['what is no number', parking, { 'delivery-limit': 'many' }, ['delivery-limit']],
])('%s weakens the queue', (_, facts, definition, keys) => {
  expect(keysOf(facts, definition)).toEqual(keys)
})

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['limits, since a full queue refuses', parking, { 'max-length': 1, 'max-length-bytes': 1 }],
  ['limits beside the overflow that we have', parking, { 'max-length': 1, overflow: 'reject-publish' }],
  ['a longer time limit', tier, { 'message-ttl': 5_000 }],
  ['more returns', parking, { 'delivery-limit': 2_000_000_000 }],
  ['a number of returns where nobody consumes', tier, { 'delivery-limit': 3 }],
  ['dead-lettering, where the argument wins', tier, { 'dead-letter-exchange': 'x', 'dead-letter-strategy': 'y' }],
  ['dead-lettering, where there was none', parking, { 'dead-letter-exchange': 'x' }],
  ['what it does not know', parking, { 'queue-leader-locator': 'balanced' }],
  ['anything of a stream', { 'x-queue-type': 'stream' }, { 'max-length-bytes': 1, overflow: 'drop-head', expires: 1 }],
])('%s does not', (_, facts, definition) => {
  expect(keysOf(facts, definition)).toEqual([])
})

test('each is told with its value and with what it does', () => {
  expect(unsafeKeys(parking, { expires: 1_000 })).toEqual([
    { key: 'expires', value: 1_000, harm: 'an unused queue is deleted with its messages' },
  ])
})
