/** The path to the broker is cut again and again: the transport always comes back, and leaves nothing behind. */
import { readdirSync } from 'node:fs'
import type { LinkStatus, TransportEvents } from '../../shared/messaging/transport'
import { openProxied } from '../contract/open-proxied'
import { envelopeOf, listen } from '../contract/transport-fixtures'
import { useBroker } from '../support/broker'
import { connectRaw } from '../support/amqp-client'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'
import { livedClock } from '../support/lived'
import { percentile } from './percentile'
import { seededRandom } from '../../shared/verification/seeded-random'

const broker = useBroker()

// One that is cut for more than a minute tries ever more seldom: more cuts take more transports, one after the other.
const transports = howMany({ sampled: 1, long: 40 })

// A connection that is lost sooner counts as one that never worked, and the next attempt waits.
const worksAfterMs = 600
// What a publishing and a consuming connection send until both work.
const setupBytes = 6_500

/** Does something so many times, one after the other. */
async function repeated<T>(times: number, act: (round: number) => Promise<T>): Promise<readonly T[]> {
  const answers: T[] = []
  for (let round = 0; round < times; round++) answers.push(await act(round))
  return answers
}

/** When what was named last came back, by `livedNow`: `group NAME` consuming, `publisher` publishing. */
function listenForReturns() {
  const livedNow = livedClock().now
  const lived = new Map<string, number>()
  let lastAt = performance.now()
  const links: LinkStatus[] = []
  const events: TransportEvents = {
    linkChanged: (link) => links.push(link),
    reconnected: (name) => {
      lived.set(name, livedNow())
      lastAt = performance.now()
    },
    recreated: () => {},
    unroutable: () => {},
    staleSettle: () => {},
    fault: () => {},
  }
  const hasHeld = () => performance.now() - lastAt > worksAfterMs
  return { events, told: { links }, hasHeld, livedNow, cameBackAt: (name: string) => lived.get(name) ?? NaN }
}

/** A transport with one group attached, on a path that can be broken. */
async function attached() {
  const { events, told, hasHeld, livedNow, cameBackAt } = listenForReturns()
  const { proxy, groups, transport } = await openProxied(broker.url, { events })
  const payments = await listen(transport, groups.payments)
  const works = () => transport.status().publishing.ok && transport.status().groups.every((group) => group.attached)
  const flows = async () => {
    const envelope = envelopeOf(groups.command.type)
    await eventually('a publish is confirmed', async () => {
      const { outcome } = await transport.publish(envelope, { kind: 'command' })
      return outcome === 'confirmed'
    })
    await eventually('it is consumed', () => payments.arrived(envelope.id).length > 0)
  }
  const held = () => eventually('the connections have held for a moment', hasHeld)
  const lossesSoFar = () => told.links.filter(({ state }) => state === 'down').length
  /** How long after that moment of `livedNow` each part was back for good; nothing before both are. */
  const backSince = (at: number) => {
    const consumingMs = cameBackAt(`group ${groups.payments.name}`) - at
    const publishingMs = cameBackAt('publisher') - at
    return works() && Math.min(consumingMs, publishingMs) > 0 && { consumingMs, publishingMs }
  }
  return { proxy, transport, told, held, flows, lossesSoFar, livedNow, backSince }
}

interface Back {
  readonly consumingMs: number
  readonly publishingMs: number
}

/** Keeps the figures of all rounds; answers with the p99 of consuming again. */
function figuresOf(what: string, rounds: readonly Back[]): number {
  const consuming = rounds.map(({ consumingMs }) => consumingMs)
  const publishing = rounds.map(({ publishingMs }) => publishingMs)
  for (const percent of [50, 99]) {
    figure(`${what} to consuming again, p${percent}`, percentile(consuming, percent), 'ms')
    figure(`${what} to publishing again, p${percent}`, percentile(publishing, percent), 'ms')
  }
  return percentile(consuming, 99)
}

test('cut by reset or by an end, it consumes again at once, and keeps no socket of the lost ones', async () => {
  const rounds: Back[] = []
  let filesBefore: number | undefined
  for (let done = 0; done < transports; done++) {
    const { proxy, transport, held, flows, lossesSoFar, livedNow, backSince } = await attached()
    const cut = async (round: number) => {
      const before = lossesSoFar()
      const cutAt = livedNow()
      if (round % 2 === 0) proxy.cut()
      else proxy.hangUp()
      await eventually('both losses were noticed', () => lossesSoFar() >= before + 2)
      return eventually('it works again', () => backSince(cutAt))
    }
    const cutOnceHeld = (round: number) => held().then(() => cut(round))
    // These open what stays open for good, too, such as the pool of the name look-ups.
    rounds.push(...(await repeated(howMany({ sampled: 5, long: 25 }), cutOnceHeld)))
    const atMost = (filesBefore ??= openFiles()) + 3
    await repeated(howMany({ sampled: 25, long: 10 }), cut)
    await flows()
    await eventually('no file is left open', () => openFiles() <= atMost)
    await transport.close()
    await proxy.close()
  }
  expect(figuresOf('cut', rounds)).toBeLessThan(howMany({ sampled: 5_000, long: 1_500 }))
})

test('cut at any byte while it is being set up, it always comes back', async () => {
  const seeds = howMany({ sampled: 20, long: 25 })
  const rounds: Back[] = []
  for (let done = 0; done < transports; done++) {
    const { proxy, transport, told, held, flows, livedNow, backSince } = await attached()
    const cut = async (round: number) => {
      const seed = 1 + done * seeds + round
      const bytes = Math.floor(seededRandom(seed)() * setupBytes)
      await held()
      const before = told.links.length
      const cutAt = livedNow()
      proxy.cut()
      proxy.cutAfterBytes(bytes)
      await eventually(`seed ${seed}: the loss was noticed`, () => told.links.length > before)
      return eventually(`seed ${seed}: it works again after a cut at byte ${bytes}`, () => backSince(cutAt))
    }
    rounds.push(...(await repeated(seeds, cut)))
    proxy.cutAfterBytes(Infinity)
    await flows()
    await transport.close()
  }
  expect(figuresOf('cut while being set up', rounds)).toBeLessThan(howMany({ sampled: 10_000, long: 3_000 }))
})

test('publishes keep their order over cuts: each is sent again before what came after it', async () => {
  const { proxy, groups, transport } = await openProxied(broker.url)
  const random = seededRandom(7)
  const cuts = howMany({ sampled: 20, long: 200 })
  const confirmed = new Set<string>()
  const pending = new Set<Promise<void>>()
  let next = 0
  const publish = () => {
    const id = String(next++).padStart(8, '0')
    const sending = transport
      .publish(envelopeOf(groups.command.type, { id, data: Buffer.alloc(500) }), { kind: 'command' })
      .then(({ outcome }) => void (outcome === 'confirmed' && confirmed.add(id)))
      .finally(() => pending.delete(sending))
    pending.add(sending)
  }
  for (let cut = 0; cut < cuts; cut++) {
    await eventually('it is connected', () => transport.status().publishing.ok)
    proxy.cutAfterBytes(Math.floor(random() * 30_000))
    for (let sent = 0; sent < 60; sent++) publish()
    await Promise.all(pending)
  }
  proxy.cutAfterBytes(Infinity)
  await eventually('it is connected', () => transport.status().publishing.ok)
  const raw = await connectRaw(broker.url)
  const arrived = (await raw.getAll(`test.${groups.payments.name}.v1`)).map((each) => String(each.properties.messageId))
  const firstArrivals = [...new Set(arrived)]
  expect(firstArrivals).toEqual([...firstArrivals].sort())
  expect([...confirmed].filter((id) => !firstArrivals.includes(id))).toEqual([])
  figure('published over the cuts', next, 'messages')
  figure('sent twice', arrived.length - firstArrivals.length, 'messages')
})

const openFiles = () => readdirSync('/proc/self/fd').length
