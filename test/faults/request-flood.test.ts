/** A caller who sends far more than its key's rate: it is told so, and nobody else is the slower for it. */
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { startPair } from '../e2e/pair'
import { useBroker } from '../support/broker'
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'
import { orders } from '../support/ledger/kinds'
import { startLedger } from '../support/ledger/ledger'
import { openCaller, type Timed } from './caller'
import { percentile } from './percentile'

const broker = useBroker()
const perSecond = 40
const floodSize = howMany({ sampled: 1_500, long: 50_000 })
const connections = 50

interface Told extends Timed {
  readonly subject: string
  readonly sentAt: string
}

/** A caller with a key, on a connection of its own; each order's number is its idempotency key. */
function customer(producer: { readonly url: string }, key: string): (subject: string) => Promise<Told> {
  const call = openCaller(producer)
  return async (subject) => {
    const sentAt = new Date().toISOString()
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': subject,
    }
    const answer = await call({ type: orders.type, body: JSON.stringify(orders.body(subject)), headers })
    return { ...answer, subject, sentAt }
  }
}

async function repeated(isOver: (count: number) => boolean, send: (serial: number) => Promise<Told>): Promise<Told[]> {
  const told: Told[] = []
  while (!isOver(told.length)) {
    told.push(await send(told.length))
    // The pace of a caller who keeps to the rate.
    await pause(1_000 / perSecond)
  }
  return told
}

test('one key floods over many connections: only it is refused, the other is answered as before, nothing is lost', async () => {
  const hash = (key: string) => createHash('sha256').update(key).digest('hex')
  const pair = await startPair(broker.url, {
    NAMESPACE: 'requests',
    API_KEYS: `good:${hash('good')},flooder:${hash('flooder')}`,
    RATE_LIMIT: String(perSecond),
  })
  const ledger = await startLedger(broker, pair)
  const good = customer(pair.producer, 'good')
  const calm = await repeated(
    (count) => count === 100,
    (serial) => good(`calm-${serial}`),
  )

  let begun = 0
  let ended = false
  const flooder = async () => {
    const send = customer(pair.producer, 'flooder')
    const told: Told[] = []
    while (begun < floodSize) told.push(await send(`flood-${begun++}`))
    return told
  }
  const startedAt = performance.now()
  const flood = Promise.all(Array.from({ length: connections }, flooder)).finally(() => (ended = true))
  // Awaited below; until then, a failure must not end the test process.
  flood.catch(() => {})
  const meanwhile = await repeated(
    () => ended,
    (serial) => good(`meanwhile-${serial}`),
  )
  const flooded = (await flood).flat()
  const seconds = (performance.now() - startedAt) / 1_000

  expect(statusesOf([...calm, ...meanwhile])).toEqual([202])
  expect(statusesOf(flooded)).toEqual([202, 429])
  const refused = flooded.filter(({ status }) => status === 429)
  expect(new Set(refused.map(({ headers }) => headers['retry-after']))).toEqual(new Set(['1']))
  // A window for each second, and those that the flood began and ended in.
  expect(flooded.length - refused.length).toBeLessThanOrEqual(perSecond * (Math.ceil(seconds) + 1))

  const times = (told: readonly Told[]) => told.map(({ ms }) => ms)
  const [calmHalfMs, halfMs] = [percentile(times(calm), 50), percentile(times(meanwhile), 50)]
  const [calmMs, meanwhileMs] = [percentile(times(calm), 99), percentile(times(meanwhile), 99)]
  figure('requests of the flooder in a second', floodSize / seconds, 'messages')
  figure("the other caller's p50 in calm", calmHalfMs, 'ms')
  figure("the other caller's p50 in the flood", halfMs, 'ms')
  figure("the other caller's p99 in calm", calmMs, 'ms')
  figure("the other caller's p99 in the flood", meanwhileMs, 'ms')
  expect(halfMs).toBeLessThan(Math.max(3 * calmHalfMs, 250))
  expect(meanwhileMs).toBeLessThan(Math.max(3 * calmMs, 2_000))

  for (const { subject, status, body, sentAt } of [...calm, ...meanwhile, ...flooded]) {
    const { id } = JSON.parse(body) as { id?: string }
    const data = JSON.stringify(orders.body(subject))
    ledger.write({ subject, body: data, status, sentAt, ...(id !== undefined && { id }) })
  }
  await ledger.expectHonest()
})

const statusesOf = (told: readonly Told[]) => [...new Set(told.map(({ status }) => status))].sort()
