import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Attempt } from '../../../shared/verification/attempt'
import { History } from '../../../shared/verification/history'
import { sendLoad, type Answer, type Load } from '../../../shared/verification/send-load'
import { atEnd } from '../../support/ends'

async function startHistory(): Promise<History> {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-history-'))
  const history = await History.start(join(folder, 'history.ndjson'))
  atEnd(async () => {
    await history.close()
    rmSync(folder, { recursive: true })
  })
  return history
}

/** Answers each request of a subject with the next of these; `undefined` is none. */
async function send(count: number, answers: readonly (Answer | undefined)[], more: Partial<Load> = {}) {
  const [history, times, accepted] = [await startHistory(), new Map<string, number>(), new Map<string, unknown>()]
  const parcel = (sequence: number) => ({ subject: `s-${sequence}`, body: 'data', bodyHash: 'hash', expected: {} })
  const sending = sendLoad({
    ...{ parcel, history, perSecond: 10_000, patienceMs: 5_000, goOn: (begun) => begun < count },
    post: async ({ subject }) => {
      const time = times.get(subject) ?? 0
      times.set(subject, time + 1)
      return answers[time] ?? Promise.reject(new Error('reset'))
    },
    seen: (what, { subject }, answer) => void (what === 'accepted' && accepted.set(subject, answer?.id)),
    ...more,
  })
  const inVain = await sending
  return { attempts: await history.read(), accepted, inVain }
}

const yes: Answer = { status: 202, id: '1', detail: '' }
const unknown: Answer = { status: 503, outcome: 'unknown', id: '1', detail: '' }
const statuses = (attempts: readonly Attempt[]) => attempts.map(({ status }) => status)

test('each message is sent once, and each attempt is written down', async () => {
  const { attempts, accepted } = await send(50, [yes])
  expect(attempts).toHaveLength(50)
  expect(new Set(attempts.map(({ subject }) => subject)).size).toBe(50)
  expect(accepted.size).toBe(50)
  expect(attempts[0]).toMatchObject({ status: 202, id: '1', bodyHash: 'hash' })
})

test('no answer and an unknown outcome are repeated until it is accepted, each attempt in the history', async () => {
  const { attempts, accepted } = await send(1, [undefined, unknown, yes])
  expect(statuses(attempts)).toEqual(['no answer', 503, 202])
  expect(accepted.get('s-0')).toBe('1')
})

test('where the receiver has no room, nothing is sent until it has', async () => {
  let open = () => {}
  const room = new Promise<void>((resolve) => (open = resolve))
  let sent = 0
  const sending = send(5, [yes], { room: () => room, seen: (what) => void (what === 'sent' && sent++) })
  await new Promise((resolve) => setImmediate(resolve))
  expect(sent).toBe(0)
  open()
  await sending
  expect(sent).toBe(5)
})

test('some of a history can be read', async () => {
  const history = await startHistory()
  const attempt = { bodyHash: 'hash', expected: {}, status: 202, sentAt: '', answeredAt: '' }
  await Promise.all(['a', 'b', 'a', 'c"d'].map((subject) => history.write({ subject, ...attempt })))
  expect(history.attempts).toBe(4)
  expect(await history.read((subject) => subject === 'a')).toHaveLength(2)
  expect(await history.read((subject) => subject === 'c"d')).toHaveLength(1)
})

test('patience ends, and the history tells of it', async () => {
  const { attempts, accepted } = await send(1, [unknown], { patienceMs: 50 })
  expect(statuses(attempts)).toEqual([503])
  expect(accepted.size).toBe(0)
})

test('what was not accepted is told with the last answer, and whoever sends may begin no more then', async () => {
  const patience = { patienceMs: 50, goOn: (begun: number, inVain: number) => begun < 3 && inVain === 0, senders: 1 }
  expect((await send(3, [unknown], patience)).inVain).toEqual({ count: 1, last: unknown })
  expect((await send(3, [], patience)).inVain).toEqual({ count: 1 })
  expect((await send(3, [yes], patience)).inVain).toEqual({ count: 0 })
})

test('what no repeat can help ends the run with the reason', async () => {
  const refused = { status: 401, detail: '401 no key' }
  await expect(send(1, [refused])).rejects.toThrow('the producer refuses the messages: 401 no key')
})

test('there is no second run in one history', async () => {
  const history = await startHistory()
  await expect(History.start(history.path)).rejects.toThrow('EEXIST')
})

test('one sender that fails ends the others, and the sending settles when all have ended', async () => {
  const [order, held, written] = [[] as string[], Promise.withResolvers<Answer>(), Promise.withResolvers<void>()]
  const history = await startHistory()
  const write = (attempt: Attempt) => history.write(attempt).finally(written.resolve)
  const sending = sendLoad({
    ...{ history: { write }, perSecond: 10_000, patienceMs: 60_000, senders: 2, seen: () => {}, goOn: () => true },
    parcel: (sequence) => ({ subject: `s-${sequence}`, body: 'data', bodyHash: 'hash', expected: {} }),
    post: ({ subject }) => {
      order.push(subject)
      return subject === 's-0' ? Promise.resolve({ status: 401, detail: '401 no key' }) : held.promise
    },
  }).catch((error: Error) => void order.push(error.message))
  await written.promise
  await new Promise((resolve) => setImmediate(resolve))
  order.push('the last answer')
  held.resolve(unknown)
  await sending
  expect(order).toEqual(['s-0', 's-1', 'the last answer', 'the producer refuses the messages: 401 no key'])
  expect(statuses(await history.read())).toEqual([401, 503])
})

test('what is to be sent tomorrow is not waited for when the sending ends', async () => {
  const stop = new AbortController()
  const ending = { signal: stop.signal, perSecond: 1e-5, seen: () => stop.abort() }
  expect((await send(9, [yes], ending)).attempts).toHaveLength(0)
})
