import { Type } from 'typebox'
import { dispatcher } from '../../../services/consumer/dispatch'
import { handler, type Handler } from '../../../services/consumer/handler'
import { Reject } from '../../../services/consumer/reject'
import { Closing, TimeLimitExceeded, type Work } from '../../../services/consumer/work'
import { command } from '../../../shared/messages/message'
import type { Delivery, Envelope, Verdict } from '../../../shared/messaging/transport'
import { RuleError } from '../../../shared/routing/compiled-rule'
import type { RoutedEvent } from '../../../shared/routing/routed-event'

const pay = command('pay', Type.Object({ cents: Type.Integer() }), {
  description: 'd',
  examples: [{ cents: 1 }],
  delivery: { attempts: 3, delaysMs: [100] },
})
const payHandler: Handler = handler(pay, { group: 'payments' }, () => {})
const now = Date.parse('2026-01-01T00:00:00Z')
const open = new AbortController().signal

const envelope: Envelope = {
  id: '1',
  source: '/s',
  type: 'pay',
  time: undefined,
  contentType: 'application/json',
  data: Buffer.from('{"cents":1}'),
  extensions: {},
}
const delivery = (change: Partial<Envelope> = {}, attempt = 1): Delivery => ({
  group: 'payments',
  content: { kind: 'message', envelope: { ...envelope, ...change } },
  attempt,
  returns: 0,
  replays: 0,
  firstSeen: '2026-01-01T00:00:00Z',
})

const everything = { accepts: () => true }

const verdictOn = (given: Delivery, work: Work = () => Promise.resolve('applied'), signal = open): Promise<Verdict> =>
  dispatcher({ handlers: [payHandler], routing: everything, work, random: () => 0, now: () => now })(given, signal)

const throwing =
  (error: unknown): Work =>
  () =>
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- anything can be thrown
    Promise.reject(error)

test('a handler that returns means ack, with what became of the effect', async () => {
  expect(await verdictOn(delivery())).toEqual({ kind: 'ack', effect: 'applied' })
  expect(await verdictOn(delivery(), () => Promise.resolve('duplicate'))).toEqual({ kind: 'ack', effect: 'duplicate' })
})

test('what the handler returns is kept for who waits for it, and for nobody else', async () => {
  const returning = handler(pay, { group: 'payments' }, () => Promise.resolve({ paid: true }))
  const work: Work = async (job) => {
    await job.handler.handle(job.data, {} as never)
    return 'applied'
  }
  const dispatch = dispatcher({ handlers: [returning], routing: everything, work, random: () => 0, now: Date.now })
  const asked = delivery({ extensions: { replyto: 'there' } })
  expect(await dispatch(asked, open)).toEqual({ kind: 'ack', effect: 'applied', result: { paid: true } })
  expect(await dispatch(delivery(), open)).toEqual({ kind: 'ack', effect: 'applied' })
})

test('the handler gets data that was checked', async () => {
  let seen: unknown
  await verdictOn(delivery(), (job) => {
    seen = job.data
    return Promise.resolve('applied')
  })
  expect(seen).toEqual({ cents: 1 })
})

test('a handler that throws means retry by the schedule, and after the last attempt the dead letter', async () => {
  const work = throwing(new TypeError('no'))
  expect(await verdictOn(delivery({}, 1), work)).toMatchObject({
    kind: 'retry',
    afterMs: 80,
    failure: { reason: 'failed', errorClass: 'TypeError' },
  })
  expect(await verdictOn(delivery({}, 3), work)).toMatchObject({
    kind: 'reject',
    failure: { reason: 'failed', message: 'no', stack: expect.stringContaining('TypeError') as string },
  })
})

test('returns without a verdict do not use up the schedule: the message may only have waited', async () => {
  const given = { ...delivery({}, 6), returns: 5 }
  expect(await verdictOn(given, throwing(new Error('no')))).toMatchObject({ kind: 'retry', afterMs: 80 })
  expect(await verdictOn({ ...given, returns: 3 }, throwing(new Error('no')))).toMatchObject({ kind: 'reject' })
})

test('Reject means the dead letter at once', async () => {
  expect(await verdictOn(delivery(), throwing(new Reject('closed account')))).toMatchObject({
    kind: 'reject',
    failure: { reason: 'rejected', errorClass: 'Reject', message: 'closed account' },
  })
})

test('a handler out of time is retried, then parked as timeout', async () => {
  const work = throwing(new TimeLimitExceeded('late'))
  expect(await verdictOn(delivery({}, 1), work)).toMatchObject({ kind: 'retry', failure: { reason: 'timeout' } })
  expect(await verdictOn(delivery({}, 3), work)).toMatchObject({ kind: 'reject', failure: { reason: 'timeout' } })
})

test.each([
  ['malformed JSON', delivery({ data: Buffer.from('{') }), 'malformed'],
  ['a wrong content type', delivery({ contentType: 'text/html' }), 'malformed'],
  ['an unknown type', delivery({ type: 'refund' }), 'unknown_type'],
  ['a wrong shape', delivery({ data: Buffer.from('{"cents":"1"}') }), 'invalid'],
])('%s goes to the dead letters at once, unhandled', async (_, given, reason) => {
  const work = jest.fn<ReturnType<Work>, Parameters<Work>>()
  expect(await verdictOn(given, work)).toMatchObject({ kind: 'reject', failure: { reason } })
  expect(work).not.toHaveBeenCalled()
})

test('what the transport could not read is malformed', async () => {
  const given: Delivery = { ...delivery(), content: { kind: 'malformed', id: undefined, detail: 'no id' } }
  expect(await verdictOn(given)).toMatchObject({ kind: 'reject', failure: { reason: 'malformed', message: 'no id' } })
})

test('closing gives the delivery back instead of blaming the handler', async () => {
  const closing = new AbortController()
  closing.abort()
  expect(await verdictOn(delivery(), throwing(new Closing('closing')))).toEqual({ kind: 'release' })
  expect(await verdictOn(delivery(), throwing(new Error('aborted')), closing.signal)).toEqual({ kind: 'release' })
  expect(await verdictOn(delivery(), throwing(new Reject('no')), closing.signal)).toMatchObject({ kind: 'reject' })
})

test.each([
  undefined,
  null,
  'text',
  42,
  Symbol('s'),
  Object.create(null),
  {
    toString: () => {
      throw new Error('x')
    },
  },
])('even a thrown %p gives a verdict', async (thrown) => {
  expect(await verdictOn(delivery(), throwing(thrown))).toMatchObject({ kind: 'retry', failure: { reason: 'failed' } })
})

describe('rules', () => {
  const ran = jest.fn<ReturnType<Work>, Parameters<Work>>(() => Promise.resolve('applied'))
  const accepts = jest.fn((_group: string, { data }: RoutedEvent) => (data as { cents: number }).cents > 1)
  const ruled = dispatcher({ handlers: [payHandler], routing: { accepts }, work: ran, random: () => 0, now: () => now })
  const unwanted = delivery()
  const wanted = delivery({ data: Buffer.from('{"cents":2}') })
  beforeEach(() => {
    ran.mockClear()
    accepts.mockClear()
  })

  test('what they do not want is acked as filtered, and never run', async () => {
    expect(await ruled(unwanted, open)).toEqual({ kind: 'ack', effect: 'filtered' })
    expect(ran).not.toHaveBeenCalled()
    expect(accepts).toHaveBeenCalledTimes(1)
    expect(accepts).toHaveBeenCalledWith('payments', expect.objectContaining({ id: '1', data: { cents: 1 } }))
    expect(await ruled(wanted, open)).toEqual({ kind: 'ack', effect: 'applied' })
  })

  test('are asked about a delivery that came back without a verdict', async () => {
    expect(await ruled({ ...unwanted, attempt: 3, returns: 2 }, open)).toEqual({ kind: 'ack', effect: 'filtered' })
  })

  test('have no say over what failed before, nor over what a person has put back', async () => {
    expect(await ruled({ ...unwanted, attempt: 2 }, open)).toEqual({ kind: 'ack', effect: 'applied' })
    expect(await ruled({ ...unwanted, replays: 1 }, open)).toEqual({ kind: 'ack', effect: 'applied' })
    expect(accepts).not.toHaveBeenCalled()
  })

  test('are not asked about data that does not fit', async () => {
    expect(await ruled(delivery({ data: Buffer.from('{}') }), open)).toMatchObject({ failure: { reason: 'invalid' } })
    expect(accepts).not.toHaveBeenCalled()
  })

  test('that cannot be asked park the message at once: it would be no other the next time', async () => {
    accepts.mockImplementationOnce(() => {
      throw new RuleError('rule "large" cannot be asked: division by zero')
    })
    expect(await ruled(unwanted, open)).toMatchObject({
      kind: 'reject',
      failure: { reason: 'failed', errorClass: 'RuleError', message: 'rule "large" cannot be asked: division by zero' },
    })
    expect(ran).not.toHaveBeenCalled()
  })
})

describe('an expired message', () => {
  const expiring = (expirytime: string) => delivery({ extensions: { expirytime } })
  const unrun: Work = () => Promise.reject(new Error('it must not run'))

  test('is parked unrun, also as a retry', async () => {
    const expired = expiring('2025-12-31T23:59:59Z')
    for (const given of [expired, { ...expired, attempt: 2 }])
      expect(await verdictOn(given, unrun)).toMatchObject({
        kind: 'reject',
        failure: { reason: 'expired', message: 'it expired at 2025-12-31T23:59:59Z, before it could be handled' },
      })
  })

  test('is handled when a person has put it back', async () => {
    const replayed = { ...expiring('2025-12-31T23:59:59Z'), replays: 1 }
    expect(await verdictOn(replayed)).toEqual({ kind: 'ack', effect: 'applied' })
  })

  test('is one that says a time which has passed, and not one whose time cannot be read', async () => {
    for (const expirytime of ['2026-01-01T00:00:00.001Z', 'soon'])
      expect(await verdictOn(expiring(expirytime))).toEqual({ kind: 'ack', effect: 'applied' })
  })
})
