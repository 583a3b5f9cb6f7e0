import { pino } from 'pino'
import { Emitter } from '../../../services/consumer/emit'
import { handler } from '../../../services/consumer/handler'
import { runHandler } from '../../../services/consumer/run-handler'
import { hello, paymentCapture } from '../../shared/messages/example-types'
import { envelopeOf } from '../producer/spool/messages'

function emitter(run: (sql: string, params?: readonly unknown[]) => Promise<void> = () => Promise.resolve()) {
  const written: unknown[][] = []
  const db = {
    run: (sql: string, params: readonly unknown[] = []) => {
      written.push([...params])
      return run(sql, params)
    },
  }
  const cause = { ...envelopeOf('cause-1'), extensions: { traceparent: 't', tracestate: 's', priority: '0' } }
  return { emitter: new Emitter({ db, cause, source: '/test/consumer/ledger' }), written }
}

test('a message is written with what it follows from', async () => {
  const { emitter: own, written } = emitter()
  await own.emit(paymentCapture, { paymentId: 'P-1', amountCents: 1 }, { key: 'k' })
  const [, type, data, key, source, extensions] = (written[0] ?? []) as string[]
  expect([type, data, key, source]).toEqual([
    'payment.capture',
    '{"paymentId":"P-1","amountCents":1}',
    'k',
    '/test/consumer/ledger',
  ])
  expect(JSON.parse(extensions ?? '')).toEqual({
    correlationid: 'cause-1',
    causationid: 'cause-1',
    traceparent: 't',
    tracestate: 's',
  })
  expect(() => own.check()).not.toThrow()
})

test('an emitted message has the priority that it is given, not that of the one it follows from', async () => {
  const { emitter: own, written } = emitter()
  await own.emit(hello, 'Hi', { priority: 9 })
  await own.emit(hello, 'Hi')
  const priorities = written.map((params) => (JSON.parse(String(params[5])) as { priority?: string }).priority)
  expect(priorities).toEqual(['9', undefined])
})

test('a priority that cannot be used rejects', async () => {
  const { emitter: own, written } = emitter()
  await expect(own.emit(hello, 'Hi', { priority: 10 })).rejects.toThrow('"10" is no priority')
  expect(written).toEqual([])
  expect(() => own.check()).toThrow(TypeError)
})

test('data that does not fit rejects, and is no effect, also where the handler took no notice', async () => {
  const { emitter: own, written } = emitter()
  await expect(own.emit(hello, '')).rejects.toThrow(TypeError)
  expect(written).toEqual([])
  expect(() => own.check()).toThrow(TypeError)
})

test('a failure that nobody awaits ends no process, and is heard of', async () => {
  const { emitter: own } = emitter(() => Promise.reject(new Error('the handler has ended')))
  void own.emit(hello, 'Hello World!')
  await new Promise(setImmediate)
  expect(() => own.check()).toThrow('the handler has ended')
})

test('a handler whose emit has failed has failed', async () => {
  const own = handler(hello, { group: 'greetings' }, (_, { emit }) => void emit(hello, ''))
  const run = runHandler(pino({ level: 'silent' }), 'test')
  const job = { handler: own, envelope: envelopeOf('A'), data: 'Hello World!', attempt: 1, returns: 0 }
  const db = { run: () => Promise.resolve(), query: () => Promise.resolve([]) }
  const { signal } = new AbortController()
  await expect(run({ ...job, urgency: 'normal', signal }, db)).rejects.toThrow(TypeError)
})
