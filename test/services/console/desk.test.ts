import { setImmediate as turn } from 'node:timers/promises'
import type { DeadLetters } from '../../../shared/messaging/dead-letters'
import { BrokerCheck } from '../../../services/console/broker-check'
import { Desk } from '../../../services/console/desk'

const never = new AbortController().signal

/** Dead letters that tell only whether they are open. */
function openings() {
  const told = { opened: 0, closed: 0 }
  const open = () => {
    told.opened++
    return Promise.resolve({ place: 'here', close: () => Promise.resolve(void told.closed++) } as DeadLetters)
  }
  return { told, open }
}

test('looks at one group come one after the other, those at another beside them', async () => {
  const desk = new Desk(openings().open)
  const end = Promise.withResolvers<void>()
  const order: string[] = []
  const look = (group: string, name: string, until?: Promise<void>) =>
    desk.look(group, never, async () => {
      order.push(name)
      await until
    })
  const looks = [look('a', 'first', end.promise), look('a', 'second'), look('b', 'other')]
  await looks[2]
  expect(order.sort()).toEqual(['first', 'other'])
  end.resolve()
  await Promise.all(looks)
  expect(order.at(-1)).toBe('second')
})

test('a work that has looked lets others look, and is waited for all the same', async () => {
  const desk = new Desk(openings().open)
  const end = Promise.withResolvers<string>()
  const work = desk.look('a', never, (_letters, { begun }) => {
    begun('see all')
    return end.promise
  })
  expect(await desk.look('a', never, () => Promise.resolve('seen'))).toBe('seen')
  end.resolve('done')
  expect(await work).toBe('done')
})

test.each([
  ['see all', false],
  ['see a part', true],
] as const)('others that %s are told that letters are held: %s', async (othersMay, held) => {
  const desk = new Desk(openings().open)
  const end = Promise.withResolvers<void>()
  const work = desk.look('a', never, (_letters, { begun }) => {
    begun(othersMay)
    return end.promise
  })
  const othersHold = () => desk.look('a', never, (_letters, turn) => Promise.resolve(turn.othersHold))
  expect(await othersHold()).toBe(held)
  end.reject(new Error('failed'))
  await expect(work).rejects.toThrow('failed')
  expect(await othersHold()).toBe(false)
})

test('a work that changes something is waited for when its signal says that it is over; one that looks is not', async () => {
  const desk = new Desk(openings().open)
  const end = Promise.withResolvers<string>()
  const over = new AbortController()
  const change = desk.look('a', over.signal, (_letters, { begun }) => {
    begun('wait')
    return end.promise
  })
  const look = desk.look('b', over.signal, () => end.promise)
  await turn()
  over.abort(new Error('over'))
  await expect(look).rejects.toThrow('over')
  const idle = desk.idle().then(() => 'idle')
  expect(await Promise.race([idle, turn('at work')])).toBe('at work')
  end.resolve('done')
  expect(await change).toBe('done')
  expect(await idle).toBe('idle')
})

test('whoever waits for his turn ends with his signal, and takes no turn any more', async () => {
  const { told, open } = openings()
  const desk = new Desk(open)
  const end = Promise.withResolvers<void>()
  const first = desk.look('a', never, () => end.promise)
  const gone = new AbortController()
  const second = desk.look('a', gone.signal, () => Promise.reject(new Error('it has looked')))
  gone.abort(new Error('gone away'))
  await expect(second).rejects.toThrow('gone away')
  end.resolve()
  await first
  await turn()
  expect(told).toEqual({ opened: 1, closed: 1 })
})

test('a connection that opens too late is closed', async () => {
  const { told, open } = openings()
  const late = Promise.withResolvers<void>()
  const desk = new Desk(() => late.promise.then(open))
  const end = new AbortController()
  const work = desk.with(end.signal, () => Promise.resolve())
  end.abort(new Error('over'))
  await expect(work).rejects.toThrow('over')
  late.resolve()
  await turn()
  expect(told).toEqual({ opened: 1, closed: 1 })
})

test('more than twenty at once are refused, and one that fails gives its place and its connection back', async () => {
  const { told, open } = openings()
  const desk = new Desk(open)
  const end = Promise.withResolvers<void>()
  const works = Array.from({ length: 20 }, () => desk.with(never, () => end.promise))
  await expect(desk.with(never, () => Promise.resolve())).rejects.toMatchObject({ code: 'too-many-requests' })
  end.reject(new Error('failed'))
  await Promise.allSettled(works)
  expect(told).toEqual({ opened: 20, closed: 20 })
  expect(await desk.with(never, () => Promise.resolve('again'))).toBe('again')
})

test('however often probes ask, the broker is asked each five seconds, and at once after it was away', async () => {
  const { told, open } = openings()
  let now = 0
  let away = false
  const check = new BrokerCheck({ open: () => (away ? Promise.reject(new Error('away')) : open()), now: () => now })
  for (const at of [0, 1_000, 4_999]) {
    now = at
    expect(await check.check()).toMatchObject({ status: 'ok' })
  }
  expect(told.opened).toBe(1)
  now = 5_000
  away = true
  expect(await check.check()).toEqual({ status: 'failed', detail: 'away' })
  away = false
  expect(await check.check()).toMatchObject({ status: 'ok' })
})
