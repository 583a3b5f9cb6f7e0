/** Trials against services that only answer, and a journal that says what the test wants it to. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { storyOf } from '../../../../services/console/faults/story-of'
import type { TrialAsked } from '../../../../services/console/faults/trial-plan'
import { planOf } from '../../../../services/console/faults/trial-plan'
import { Trials, type TrialsParts } from '../../../../services/console/faults/trials'
import type { PassedBack } from '../../../../services/console/producer/producer-door'
import { MessageWindow } from '../../../../services/console/window/message-window'
import type { TrialView } from '../../../../services/console/views/faults'
import { command } from '../../../../shared/messages/message'
import { ProblemError } from '../../../../shared/runtime/problem-error'
import { Type } from 'typebox'
import { atEnd } from '../../../support/ends'
import { eventually } from '../../../support/eventually'
import { told, toldOf } from '../told'

const type = command('hello', Type.String(), { description: 'A test.', examples: ['Hello'] })
const source = '/test/producer'

interface Struck {
  readonly path: string
  readonly header: unknown
  readonly asked: { readonly id?: string }
}

/** A service that is ready, and tells what it was struck with. */
async function service(answer: (struck: Struck) => { status: number; body: object }) {
  const struck: Struck[] = []
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const isProbe = request.method === 'GET'
      const told = {
        path: request.url ?? '',
        header: request.headers['handoff-fault'],
        asked: JSON.parse(text || '{}') as object,
      }
      if (!isProbe) struck.push(told)
      const { status, body } = isProbe ? { status: 200, body: { status: 'ready' } } : answer(told)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  atEnd(() => (server.closeAllConnections(), server.close()))
  return { struck, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

interface Stage {
  /** Called for each message that is sent, with how often it was before; by default it is accepted. */
  readonly answer?: (key: string, before: number) => PassedBack
  /** Whether the journal tells the end of a message. Default: of all. */
  readonly tells?: (id: string) => boolean
  readonly strike?: (struck: Struck, window: MessageWindow) => { status: number; body: object }
  readonly memory?: TrialsParts['doors']['memory']
}

const accepted = (key: string): PassedBack => answerOf(202, { id: `id of ${key}`, outcome: 'confirmed' })

function answerOf(status: number, body: object): PassedBack {
  return { status, headers: {}, body: Buffer.from(JSON.stringify(body)) }
}

function processed(window: MessageWindow, id: string, facts: object = {}): void {
  const group = { group: 'greetings', attempt: 1, ...facts }
  const steps = [
    told('accepted', Date.now()),
    told('delivered', Date.now(), group),
    told('processed', Date.now(), group),
  ]
  window.take(toldOf({ id, source, type: 'hello' }, steps))
}

async function stage({ answer = accepted, tells = () => true, strike, memory }: Stage = {}) {
  const window = new MessageWindow(10_000)
  const keys: string[] = []
  const { url, struck } = await service(
    (asked) => strike?.(asked, window) ?? { status: 200, body: { detail: 'it is done' } },
  )
  const producer: TrialsParts['producer'] = {
    ask: ({ headers }) => {
      const key = headers?.['idempotency-key'] ?? ''
      const back = answer(key, keys.filter((each) => each === key).length)
      keys.push(key)
      const { id } = JSON.parse(back.body.toString()) as { id?: string }
      if (back.status === 202 && id !== undefined && tells(id)) processed(window, id)
      return Promise.resolve(back)
    },
  }
  const ended: TrialView[] = []
  const trials = new Trials({
    doors: {
      producer: { name: 'producer', url, apiKey: undefined },
      consumer: { name: 'consumer', url, apiKey: undefined },
      memory,
    },
    ...{ producer, source, window, now: Date.now, unjudged: () => undefined, patienceMs: 1_500, quietMs: 300 },
    ended: (trial) => ended.push(trial),
  })
  atEnd(() => trials.stop())
  const start = (asked: Partial<TrialAsked> = {}) =>
    trials.start(planOf({ fault: 'drop-link', seconds: 2, strikeAfterSeconds: 1, ...asked }, 'hello'), type)
  const run = async (asked?: Partial<TrialAsked>) => {
    const { id } = start(asked)
    await eventually('it has ended', () => ended.some((trial) => trial.id === id))
    return trials.show(id)
  }
  return { trials, start, run, struck, window, keys }
}

test('sends at its rate, strikes once as is meant, and follows each to its end', async () => {
  const { run, struck, keys } = await stage()
  const { counts, verdict, state } = await run()
  expect([state, verdict?.outcome]).toEqual(['ended', 'kept'])
  expect(counts.sent).toBeGreaterThanOrEqual(35)
  expect(counts).toMatchObject({ accepted: counts.sent, processed: counts.sent, open: 0 })
  expect(new Set(keys).size).toBe(counts.sent)
  expect(struck).toMatchObject([{ path: '/faults/drop-link', header: 'drop-link' }])
})

test('a planted loss is told: accepted, and no end, nor in the inbox', async () => {
  const { run } = await stage({
    tells: (id) => !id.endsWith('-7'),
    // Sent once more, the lost one has its effect now: it had none before.
    strike: ({ path, asked }, window) => {
      if (path === '/faults/repeat') processed(window, asked.id ?? '')
      return { status: 200, body: { detail: 'it is done' } }
    },
  })
  const { verdict, counts, ofInterest } = await run()
  expect(counts.open).toBe(1)
  expect(verdict).toMatchObject({
    outcome: 'lost',
    text: expect.stringMatching(/^1 of \d+ accepted messages is lost/) as string,
  })
  expect(ofInterest).toMatchObject([{ what: 'lost', id: expect.stringMatching(/-7$/) as string }])
})

test('what only the journal missed is no loss: the inbox absorbs a copy of it', async () => {
  const { run, struck } = await stage({
    tells: (id) => !id.endsWith('-7'),
    strike: ({ path, asked }, window) => {
      if (path === '/faults/repeat') processed(window, asked.id ?? '', { facts: { effect: 'duplicate' } })
      return { status: 200, body: { detail: 'it is done' } }
    },
  })
  const { verdict, counts } = await run()
  expect([verdict?.outcome, counts.untold, counts.open]).toEqual(['kept', 1, 0])
  expect(struck.filter(({ path }) => path === '/faults/repeat')).toHaveLength(1)
})

test('what is refused or unknown is repeated with its key until it is accepted', async () => {
  const answers = [
    answerOf(503, { outcome: 'not_accepted' }),
    answerOf(503, { outcome: 'unknown' }),
    answerOf(409, { title: 'in flight' }),
  ]
  const { run, keys } = await stage({
    answer: (key, before) => (key.endsWith('-3') ? (answers[before] ?? accepted(key)) : accepted(key)),
  })
  const { counts, verdict } = await run()
  expect(counts).toMatchObject({ accepted: counts.sent, refused: 1, unknown: 1, givenUp: 0 })
  expect(keys.filter((key) => key.endsWith('-3'))).toHaveLength(4)
  expect(verdict?.outcome).toBe('kept')
})

test('what is never accepted is given up in the end, and not lost', async () => {
  const never = answerOf(503, { outcome: 'not_accepted' })
  const { run } = await stage({ answer: (key) => (key.endsWith('-3') ? never : accepted(key)) })
  const { counts, verdict } = await run()
  expect([counts.givenUp, counts.open, verdict?.outcome]).toEqual([1, 0, 'kept'])
})

test('an answer that no repetition mends ends the trial with its words', async () => {
  const { run } = await stage({ answer: () => answerOf(422, { title: 'The data does not fit', detail: 'too short' }) })
  expect(await run()).toMatchObject({
    state: 'failed',
    verdict: { outcome: 'unjudged', text: expect.stringContaining('the producer answers 422') as string },
  })
})

test('a fault that a service refuses ends the trial with its words', async () => {
  const { run } = await stage({ strike: () => ({ status: 409, body: { title: 'Not now', detail: 'it is away' } }) })
  expect((await run()).verdict?.text).toBe('It failed: the producer refuses: Not now (it is away).')
})

test('one trial at a time; one that is cancelled stops sending, and the next may begin', async () => {
  const { trials, start } = await stage()
  const { id } = start({ seconds: 60 })
  expect(() => start()).toThrow(ProblemError)
  const ended = await trials.cancel(id)
  expect([ended.state, ended.verdict?.text]).toEqual(['cancelled', 'It was ended before its time.'])
  const next = start({ seconds: 60 })
  await trials.stop()
  expect(trials.list().map((trial) => [trial.id, trial.state])).toEqual([
    [next.id, 'cancelled'],
    [id, 'cancelled'],
  ])
  expect(() => trials.show('nobody')).toThrow('there is no trial "nobody"')
})

test.each(['ended', 'cancelled', 'failed'] as const)('the memory is let go when the trial is %s', async (how) => {
  const told: string[] = []
  const memory = {
    block: (ms: number) => {
      told.push(`block ${ms}`)
      return how === 'failed' ? Promise.reject(new Error('no node')) : Promise.resolve()
    },
    release: () => Promise.resolve(void told.push('release')),
  }
  const { trials, start, run } = await stage({ memory })
  const asked = { fault: 'block-memory', holdSeconds: 1 } as const
  if (how === 'cancelled') {
    const { id } = start(asked)
    await eventually('it has struck', () => trials.show(id).struck !== undefined)
    await trials.cancel(id)
  } else expect((await run(asked)).state).toBe(how)
  expect(told).toEqual(['block 1000', 'release'])
})

test('a message that was sent several times is settled when each delivery is', () => {
  const window = new MessageWindow(10)
  const look = (kind: 'probe' | 'duplicate') =>
    storyOf(window.find({ id: 'd-1', source }) as NonNullable<ReturnType<MessageWindow['find']>>, {
      ...{ kind, isRepeated: false, copies: 2, startedAt: Date.now() },
    })
  processed(window, 'd-1')
  expect([look('duplicate').isSettled, look('probe').isSettled]).toEqual([false, true])
  processed(window, 'd-1', { facts: { effect: 'duplicate' } })
  expect(look('duplicate')).toMatchObject({ isSettled: true, applied: 1, duplicates: 1 })
})
