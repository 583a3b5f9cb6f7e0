/** The path to the broker is cut again and again: the transport always comes back, and leaves nothing behind. */
import { readdirSync } from 'node:fs'
import { openProxied } from '../contract/open-proxied'
import { envelopeOf, listen } from '../contract/transport-fixtures'
import { useBroker } from '../support/broker'
import { connectRaw } from '../support/amqp-client'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'
import { percentile } from './percentile'
import { seededRandom } from './seeded-random'

const broker = useBroker()

// One that is cut for more than a minute tries ever more seldom: more cuts take more transports, one after the other.
const transports = howMany({ sampled: 1, long: 20 })

/** Does something so many times, one after the other; answers how long each took. */
async function repeated(times: number, act: (round: number) => Promise<void>): Promise<readonly number[]> {
  const took: number[] = []
  for (let round = 0; round < times; round++) {
    const startedAt = performance.now()
    await act(round)
    took.push(performance.now() - startedAt)
  }
  return took
}

/** A transport with one group attached, on a path that can be broken. */
async function attached() {
  const { proxy, groups, transport, told } = await openProxied(broker.url)
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
  const lossesSoFar = () => told.links.filter(({ state }) => state === 'down').length
  return { proxy, transport, told, works, flows, lossesSoFar }
}

test('cut by reset or by an end, it consumes again at once, and keeps no socket of the lost ones', async () => {
  const times: number[] = []
  let filesBefore: number | undefined
  for (let done = 0; done < transports; done++) {
    const { proxy, transport, works, flows, lossesSoFar } = await attached()
    const cut = async (round: number) => {
      const before = lossesSoFar()
      if (round % 2 === 0) proxy.cut()
      else proxy.hangUp()
      await eventually('both losses were noticed', () => lossesSoFar() >= before + 2)
      await eventually('it works again', works)
    }
    // The first cuts open what stays open for good, such as the pool of the name look-ups.
    times.push(...(await repeated(5, cut)))
    const atMost = (filesBefore ??= openFiles()) + 3
    times.push(...(await repeated(howMany({ sampled: 25, long: 45 }), cut)))
    await flows()
    await eventually('no file is left open', () => openFiles() <= atMost)
    await transport.close()
    await proxy.close()
  }
  figure('cut to consuming again, p50', percentile(times, 50), 'ms')
  figure('cut to consuming again, p99', percentile(times, 99), 'ms')
  expect(percentile(times, 99)).toBeLessThan(5_000)
})

test('cut at any byte while it is being set up, it always comes back', async () => {
  const seeds = howMany({ sampled: 20, long: 50 })
  const times: number[] = []
  for (let done = 0; done < transports; done++) {
    const { proxy, transport, told, works, flows } = await attached()
    const cut = async (round: number) => {
      const seed = 1 + done * seeds + round
      const bytes = Math.floor(seededRandom(seed)() * 12_000)
      const before = told.links.length
      // Long enough a handshake and declaration for the cut to come into the middle of it.
      proxy.cut()
      proxy.cutAfterBytes(bytes)
      await eventually(`seed ${seed}: the loss was noticed`, () => told.links.length > before)
      await eventually(`seed ${seed}: it works again after a cut at byte ${bytes}`, works)
    }
    times.push(...(await repeated(seeds, cut)))
    proxy.cutAfterBytes(Infinity)
    await flows()
    await transport.close()
  }
  figure('cut while being set up to consuming again, p50', percentile(times, 50), 'ms')
  figure('cut while being set up to consuming again, p99', percentile(times, 99), 'ms')
  expect(percentile(times, 99)).toBeLessThan(10_000)
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
