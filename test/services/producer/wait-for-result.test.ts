/** `Prefer: wait=SECONDS` at the door, over a way back in memory. */
import { connect, type AddressInfo } from 'node:net'
import { MemoryReplies } from '../../../shared/messaging/memory/memory-replies'
import type { Reply } from '../../../shared/messaging/reply-line'
import { eventually } from '../../support/eventually'
import { openDoor, type Door, type Published } from './door'

const prefer = { prefer: 'wait=10' }
const payment = { paymentId: 'P-1', amountCents: 1 }
const order = { orderId: 'A-1', customerEmail: 'ada@example.com', amountCents: 4200 }
const event = { specversion: '1.0', id: 'e-1', source: '/shop', type: 'order.placed', data: order }
const structured = { 'content-type': 'application/cloudevents+json' }
const confirmed = () => Promise.resolve({ outcome: 'confirmed', detail: 'confirmed' } as const)

function replyTo({ envelope }: Published, change: Partial<Reply>): Reply {
  const { id, source, extensions } = envelope
  const body = Buffer.from('{"ok":true}')
  const token = extensions['replyid'] ?? ''
  return {
    id,
    source,
    token,
    group: 'payments',
    outcome: 'processed',
    reason: undefined,
    omitted: undefined,
    body,
    ...change,
  }
}

/** A door behind which each message is replied to as told, at once. */
async function answering(...changes: readonly Partial<Reply>[]): Promise<Door & { replies: MemoryReplies }> {
  const replies = new MemoryReplies()
  const publish = async (published: Published) => {
    const address = published.envelope.extensions['replyto']
    if (address !== undefined) for (const change of changes) await replies.send(address, replyTo(published, change))
    return confirmed()
  }
  return { ...(await openDoor({ publish, replies })), replies }
}

const metricOf = async (door: Door) => (await door.app.inject('/metrics')).body

describe('a command', () => {
  test('is answered with its result', async () => {
    const door = await answering({})
    const response = await door.post('/messages/payment.capture', payment, { headers: prefer })
    const { id } = response.json<{ id: string }>()
    expect([response.statusCode, response.json()]).toEqual([
      200,
      { id, type: 'payment.capture', outcome: 'processed', result: { ok: true }, links: { self: `/messages/${id}` } },
    ])
    expect(response.headers).toMatchObject({ 'preference-applied': 'wait=10', location: `/messages/${id}` })
    expect(door.logged()).toContainEqual(
      expect.objectContaining({ messageId: id, status: 200, waitEnded: 'processed' }),
    )
    expect(await metricOf(door)).toContain(
      'handoff_reply_wait_seconds_count{type="payment.capture",outcome="processed"} 1',
    )
  })

  test.each<[string, Partial<Reply>, object]>([
    ['returned nothing', { body: Buffer.alloc(0) }, {}],
    ['returned null', { body: Buffer.from('null') }, { result: null }],
    ['returned too much', { body: Buffer.alloc(0), omitted: 'too_large' }, { omitted: 'too_large' }],
    ['was written by somebody who knows no JSON', { body: Buffer.from('{') }, {}],
  ])('whose result %s', async (_what, change, expected) => {
    const door = await answering(change)
    const response = await door.post('/messages/payment.capture', payment, { headers: prefer })
    const { id, type, outcome, links, ...rest } = response.json<Record<string, unknown>>()
    expect([response.statusCode, outcome, rest]).toEqual([200, 'processed', expected])
    expect([id, type, links]).not.toContain(undefined)
  })

  test('that its handler rejected is a 422 with the words of the handler', async () => {
    const body = Buffer.from('{"detail":"the card is blocked"}')
    const door = await answering({ outcome: 'dead', reason: 'rejected', body })
    const response = await door.post('/messages/payment.capture', payment, { headers: prefer })
    expect([response.statusCode, response.json()]).toEqual([
      422,
      expect.objectContaining({
        type: '/problems/processing-rejected',
        detail: 'the card is blocked',
        group: 'payments',
        reason: 'rejected',
        id: door.published[0]?.envelope.id,
        links: { self: `/messages/${door.published[0]?.envelope.id}` },
      }),
    ])
    expect(response.headers).toMatchObject({ 'preference-applied': 'wait=10' })
  })

  test('that failed for good is a 500 that tells no internals and warns of sending it again', async () => {
    const door = await answering({ outcome: 'dead', reason: 'failed', body: Buffer.from('{"detail":"secret"}') })
    const response = await door.post('/messages/payment.capture', payment, { headers: prefer })
    expect([response.statusCode, response.json()]).toEqual([
      500,
      expect.objectContaining({ type: '/problems/processing-failed', reason: 'failed', group: 'payments' }),
    ])
    expect(response.body).toContain('Do not send it again')
    expect(response.body).not.toContain('secret')
  })

  test.each<[string, Partial<Reply>[]]>([
    ['was processed before', [{ outcome: 'duplicate', body: Buffer.alloc(0) }]],
    ['has no reply in time', []],
  ])('that %s is answered as if nobody had asked', async (_what, changes) => {
    const door = await answering(...changes)
    const headers = { prefer: 'wait=1' }
    const response = await door.post('/messages/payment.capture', payment, { headers })
    const { id } = response.json<{ id: string }>()
    expect([response.statusCode, response.json()]).toEqual([
      202,
      { id, type: 'payment.capture', outcome: 'confirmed', links: { self: `/messages/${id}` } },
    ])
    expect(response.headers).toMatchObject({ 'preference-applied': 'wait=1', location: `/messages/${id}` })
  })
})

describe('an event', () => {
  const ledger = { group: 'ledger', body: Buffer.from('{"entry":1}') }

  test('is answered when each group that takes it has handled it', async () => {
    const door = await answering(ledger, { group: 'mail', body: Buffer.alloc(0) })
    const response = await door.post('/messages', event, { headers: { ...structured, ...prefer } })
    expect([response.statusCode, response.json()]).toEqual([
      200,
      {
        id: 'e-1',
        type: 'order.placed',
        outcome: 'processed',
        results: { ledger: { entry: 1 } },
        links: { self: '/messages/e-1?source=%2Fshop' },
      },
    ])
  })

  test('leaves out who did not want it, and says whose result is missing', async () => {
    const mail = { group: 'mail', body: Buffer.alloc(0), omitted: 'not_json' } as const
    const door = await answering(mail, { group: 'ledger', outcome: 'filtered', body: Buffer.alloc(0) })
    const response = await door.post('/messages/order.placed', order, { headers: prefer })
    expect(response.json()).toMatchObject({ outcome: 'processed', results: {}, omitted: { mail: 'not_json' } })
  })

  test('is a problem as soon as one group has parked it', async () => {
    const door = await answering({ group: 'mail', outcome: 'dead', reason: 'timeout', body: Buffer.alloc(0) })
    const response = await door.post('/messages/order.placed', order, { headers: prefer })
    expect([response.statusCode, response.json()]).toEqual([
      500,
      expect.objectContaining({ group: 'mail', reason: 'timeout' }),
    ])
  })
})

describe('nobody waits', () => {
  const expectPlain = ({ statusCode, headers }: Awaited<ReturnType<Door['post']>>, { published }: Door) => {
    expect([statusCode, headers['preference-applied']]).toEqual([202, undefined])
    expect(Object.keys(published.at(-1)?.envelope.extensions ?? {})).not.toContain('replyto')
  }

  test.each(['respond-async', 'wait=0', 'wait=soon'])('for a request that prefers %s', async (header) => {
    const door = await answering({})
    expectPlain(await door.post('/messages/payment.capture', payment, { headers: { prefer: header } }), door)
  })

  test('where there is no way back', async () => {
    const door = await answering({})
    door.replies.isOpen = false
    expectPlain(await door.post('/messages/payment.capture', payment, { headers: prefer }), door)
  })

  test('for the repeat of a key, which is no message of its own', async () => {
    const door = await answering({})
    const headers = { ...prefer, 'idempotency-key': 'k' }
    expect((await door.post('/messages/payment.capture', payment, { headers })).statusCode).toBe(200)
    const { statusCode, headers: answered } = await door.post('/messages/payment.capture', payment, { headers })
    expect([statusCode, answered['preference-applied']]).toEqual([202, undefined])
    expect(door.published).toHaveLength(1)
  })

  test('for what was not accepted', async () => {
    const replies = new MemoryReplies()
    const publish = () => Promise.resolve({ outcome: 'not_accepted', detail: 'blocked' } as const)
    const door = await openDoor({ publish, replies })
    const response = await door.post('/messages/payment.capture', payment, { headers: prefer })
    expect([response.statusCode, response.headers['preference-applied']]).toEqual([503, undefined])
  })

  test('for the events of a batch', async () => {
    const door = await answering({})
    const headers = { 'content-type': 'application/x-ndjson', ...prefer }
    const response = await door.post('/messages', JSON.stringify(event), { headers })
    expect(response.body).toContain('"status":202')
    expect(Object.keys(door.published[0]?.envelope.extensions ?? {})).not.toContain('replyto')
  })
})

test.each(['replyto', 'replyid'])('an event that names %s itself is refused', async (name) => {
  const door = await openDoor()
  const response = await door.post('/messages', { ...event, [name]: 'amq.direct' }, { headers: structured })
  expect([response.statusCode, response.json()]).toEqual([
    400,
    expect.objectContaining({ type: '/problems/invalid-event', detail: expect.stringContaining(name) as string }),
  ])
  expect(door.published).toEqual([])
})

test('who waits takes no room from the bodies of others', async () => {
  const replies = new MemoryReplies()
  // A body of unknown length counts as the longest, and two of these are more than all may have.
  const door = await openDoor({ publish: confirmed, replies, config: { BODY_LIMIT: 100 * 1_048_576 } })
  const chunked = { 'transfer-encoding': 'chunked' }
  const post = (headers: object) =>
    door.post('/messages/payment.capture', payment, { headers: { ...chunked, ...headers } })
  const first = post({ prefer: 'wait=60' })
  await eventually('the first waits', () => door.published.length === 1)
  const second = post({ prefer: 'wait=60' })
  await eventually('the second waits', () => door.published.length === 2)
  expect((await post({})).statusCode).toBe(202)
  await door.app.close()
  expect([(await first).statusCode, (await second).statusCode]).toEqual([202, 202])
})

test('stopping answers who waits at once', async () => {
  const door = await answering()
  const waiting = door.post('/messages/payment.capture', payment, { headers: { prefer: 'wait=60' } })
  await eventually('it is published', () => door.published.length === 1)
  const startedAt = performance.now()
  await door.app.close()
  expect((await waiting).statusCode).toBe(202)
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})

test('a caller who leaves ends the waiting', async () => {
  const door = await answering()
  await door.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = door.app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  const body = JSON.stringify(payment)
  const head = 'POST /messages/payment.capture HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n'
  socket.write(`${head}prefer: wait=60\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
  await eventually('it is published', () => door.published.length === 1)
  socket.destroy()
  await eventually('the waiting has ended', async () =>
    (await metricOf(door)).includes('handoff_reply_wait_seconds_count{type="payment.capture",outcome="left"} 1'),
  )
})
