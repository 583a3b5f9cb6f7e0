import { InFlight, type Outgoing } from '../../../shared/messaging/rabbitmq/in-flight'
import { parseAddresses } from '../../../shared/messaging/rabbitmq/address'

const outgoing = (bytes: number): Outgoing => ({
  exchange: 'e',
  routingKey: 'k',
  body: Buffer.alloc(bytes),
  properties: {},
  nackMeans: 'unknown',
})

describe('what is in flight', () => {
  test('is bounded by count', () => {
    const inFlight = new InFlight({ messages: 2, bytes: 1_000, deadlineMs: 1_000 })
    void inFlight.add(outgoing(1))
    expect(inFlight.refusal(1)).toBeUndefined()
    void inFlight.add(outgoing(1))
    expect(inFlight.refusal(1)).toBe('2 messages are in flight already')
  })

  test('is bounded by bytes, though one message alone always fits', () => {
    const inFlight = new InFlight({ messages: 10, bytes: 100, deadlineMs: 1_000 })
    expect(inFlight.refusal(1_000)).toBeUndefined()
    void inFlight.add(outgoing(60))
    expect(inFlight.refusal(40)).toBeUndefined()
    expect(inFlight.refusal(41)).toBe('60 bytes are in flight already')
  })

  test('makes room when a result is known, and tells it', async () => {
    const inFlight = new InFlight({ messages: 1, bytes: 100, deadlineMs: 1_000 })
    const result = inFlight.add(outgoing(100))
    const entry = inFlight.nextToSend()
    if (entry === undefined) throw new Error('nothing to send')
    inFlight.finish(entry, { outcome: 'confirmed', detail: 'confirmed' })
    expect(await result).toEqual({ outcome: 'confirmed', detail: 'confirmed' })
    expect(inFlight.refusal(100)).toBeUndefined()
    expect(inFlight.count).toBe(0)
  })

  test('is sent again before what came later, in its old order', () => {
    const inFlight = new InFlight({ messages: 10, bytes: 100, deadlineMs: 1_000 })
    for (const bytes of [1, 2, 3]) void inFlight.add(outgoing(bytes))
    const sent = [inFlight.nextToSend(), inFlight.nextToSend()].filter((entry) => entry !== undefined)
    inFlight.sendAgain(sent)
    expect([1, 2, 3].map(() => inFlight.nextToSend()?.outgoing.body.length)).toEqual([1, 2, 3])
  })

  test('expires by its deadline, whether sent or still waiting', () => {
    const inFlight = new InFlight({ messages: 10, bytes: 100, deadlineMs: 1_000 })
    for (const bytes of [1, 2]) void inFlight.add(outgoing(bytes))
    const sent = inFlight.nextToSend()
    if (sent !== undefined) inFlight.sent.add(sent)
    expect(inFlight.expired(performance.now())).toEqual({ sent: [], waiting: [] })
    const late = inFlight.expired(performance.now() + 1_001)
    expect([late.sent.length, late.waiting.length]).toEqual([1, 1])
  })
})

test('what is in flight expires when its caller has to have an answer, where that is sooner', () => {
  const inFlight = new InFlight({ messages: 10, bytes: 100, deadlineMs: 1_000 })
  const now = performance.now()
  for (const answerBy of [now + 500, now + 5_000, undefined]) void inFlight.add(outgoing(1), answerBy)
  const waitingAt = (ms: number) => inFlight.expired(now + ms).waiting.map(({ patienceMs }) => Math.round(patienceMs))
  expect([waitingAt(499), waitingAt(501), waitingAt(1_100)]).toEqual([[], [500], [1_000, 1_000]])
})

test('what was sent stays in flight until its confirm is overdue, whenever its caller has to have an answer', () => {
  const inFlight = new InFlight({ messages: 10, bytes: 100, deadlineMs: 1_000 })
  const now = performance.now()
  void inFlight.add(outgoing(1), now + 500)
  const sent = inFlight.nextToSend()
  if (sent !== undefined) inFlight.sent.add(sent)
  expect([499, 501].map((ms) => inFlight.impatient(now + ms).length)).toEqual([0, 1])
  expect([501, 1_100].map((ms) => inFlight.expired(now + ms).sent.length)).toEqual([0, 1])
})

describe('the addresses of a broker', () => {
  test('are the hosts of a list, with credentials and vhost decoded where the client wants it', () => {
    const [first, second] = parseAddresses('amqp://us%40er:p%2Fw@one:5673/v%2Fh , amqps://two')
    expect(first).toMatchObject({
      label: 'one:5673',
      username: 'us@er',
      connect: { protocol: 'amqp', hostname: 'one', port: 5673, password: 'p/w', vhost: 'v%2Fh', heartbeat: 10 },
    })
    expect(second?.connect).toMatchObject({
      protocol: 'amqps',
      port: 5671,
      username: 'guest',
      password: 'guest',
      vhost: '/',
    })
    expect(parseAddresses('amqp://[::1]:5672')[0]?.connect.hostname).toBe('::1')
  })

  test.each([
    ['', /the broker URL is empty/],
    ['http://user:secret@host', /scheme "http:"; use amqp: or amqps:/],
    ['nonsense', /is not a URL/],
    ['amqp://user:secret@', /has no name|is not a URL/],
    ['amqp://one,amqp://user:sec/ret@host', /host 2 of the broker URL/],
    ['amqp://user:p%zzsecret@host', /not percent-encoded/],
    ['amqp://user:p%ffsecret@host', /host 1 of the broker URL is not percent-encoded UTF-8/],
    ['amqp://user:secret@host:99999', /is not a URL/],
  ])('%j is refused without showing a password', (urls, sentence) => {
    expect(() => parseAddresses(urls)).toThrow(sentence)
    expect(() => parseAddresses(urls)).not.toThrow(/secret/)
  })
})
