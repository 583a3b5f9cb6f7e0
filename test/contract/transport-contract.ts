import { randomUUID } from 'node:crypto'
import type { GroupTopology, Transport, TransportFeatures, Verdict } from '../../shared/messaging/transport'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { ack, envelopeOf, failure, freshGroups, idOf, limits, listen } from './transport-fixtures'

export type OpenTransport = (groups: readonly GroupTopology[]) => Promise<Transport>

/** What every transport promises, whatever carries it. */
export function transportContract(name: string, features: TransportFeatures, open: OpenTransport): void {
  const ifDurable = features.durable ? test : test.skip
  const opened = async (groups: readonly GroupTopology[]) => {
    const transport = await open(groups)
    atEnd(() => transport.close())
    return transport
  }

  describe(`${name} keeps the transport contract`, () => {
    test('says the features it was tested for', async () => {
      expect((await opened(freshGroups().all)).features).toEqual(features)
    })

    test('brings an event to every group that takes it, and nothing of it changes on the way', async () => {
      const groups = freshGroups()
      const transport = await opened(groups.all)
      const [ledger, mail] = [await listen(transport, groups.ledger), await listen(transport, groups.mail)]
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index))
      const envelope = envelopeOf(groups.event.type, {
        data: bytes,
        contentType: 'application/octet-stream',
        extensions: {
          subject: 'Grüße, 世界',
          correlationid: 'c-1',
          traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
        },
      })
      expect(await transport.publish(envelope, { kind: 'event' })).toMatchObject({ outcome: 'confirmed' })
      for (const group of [ledger, mail]) {
        await eventually('the event has arrived', () => group.arrived(envelope.id).length === 1)
        expect(group.deliveries[0]).toMatchObject({ attempt: 1, content: { kind: 'message', envelope } })
      }
    })

    test('carries an empty body', async () => {
      const groups = freshGroups()
      const transport = await opened(groups.all)
      const payments = await listen(transport, groups.payments)
      const envelope = envelopeOf(groups.command.type, { data: Buffer.alloc(0) })
      await transport.publish(envelope, { kind: 'command' })
      await eventually('the command has arrived', () => payments.arrived(envelope.id).length === 1)
      expect(payments.deliveries[0]).toMatchObject({ content: { envelope: { data: Buffer.alloc(0) } } })
    })

    test('tells that nobody takes a command, and keeps an event that nobody takes', async () => {
      const transport = await opened(freshGroups().all)
      const nobody = envelopeOf(`nobody.${randomUUID()}`)
      expect(await transport.publish(nobody, { kind: 'command' })).toMatchObject({ outcome: 'unroutable' })
      expect(await transport.publish(nobody, { kind: 'event' })).toMatchObject({ outcome: 'confirmed' })
    })

    test('keeps what is sent to the unrouted, and gives it to no group, though one takes its type', async () => {
      const groups = freshGroups()
      const transport = await opened(groups.all)
      const payments = await listen(transport, groups.payments)
      const [parked, after] = [envelopeOf(groups.command.type), envelopeOf(groups.command.type)]
      expect(await transport.publish(parked, { kind: 'unrouted' })).toMatchObject({ outcome: 'confirmed' })
      await transport.publish(after, { kind: 'command' })
      await eventually('the next one has arrived', () => payments.arrived(after.id).length === 1)
      expect(payments.arrived(parked.id)).toEqual([])
    })

    test('brings a retried message back after its delay, to its own group only', async () => {
      const groups = freshGroups()
      const transport = await opened(groups.all)
      const ledger = await listen(transport, groups.ledger, ({ attempt }) =>
        attempt < 3 ? { kind: 'retry', afterMs: 100, failure } : ack,
      )
      const mail = await listen(transport, groups.mail)
      const envelope = envelopeOf(groups.event.type)
      const startedAt = performance.now()
      await transport.publish(envelope, { kind: 'event' })
      await eventually('the third attempt', () => ledger.arrived(envelope.id).length === 3)
      // A timer may fire up to a millisecond early.
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(2 * 99)
      expect(ledger.deliveries.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
      expect(ledger.deliveries[2]?.firstSeen).toBe(ledger.deliveries[0]?.firstSeen)
      expect(ledger.deliveries[2]?.content).toEqual(ledger.deliveries[0]?.content)
      await eventually('the event has arrived at the mail', () => mail.arrived(envelope.id).length >= 1)
      expect(mail.arrived(envelope.id)).toHaveLength(1)
    })

    test('brings a deferred message again behind what waited, as it was and at no attempt', async () => {
      const groups = freshGroups()
      const transport = await opened(groups.all)
      const first = envelopeOf(groups.event.type, { extensions: { partitionkey: 'k' } })
      const others = Array.from({ length: 3 }, () => envelopeOf(groups.event.type))
      let isDeferred = false
      for (const envelope of [first, ...others]) await transport.publish(envelope, { kind: 'event' })
      const ledger = await listen(transport, groups.ledger, (delivery) => {
        if (isDeferred || idOf(delivery) !== first.id) return ack
        isDeferred = true
        return { kind: 'defer' }
      })
      await eventually('it has come again', () => ledger.arrived(first.id).length === 2)
      expect(ledger.deliveries.map(idOf)).toEqual([first, ...others, first].map(({ id }) => id))
      const [before, after] = ledger.arrived(first.id)
      expect(after).toEqual(before)
    })

    test('lets no short wait stand behind a long one', async () => {
      const groups = freshGroups()
      const transport = await opened(groups.all)
      const long = envelopeOf(groups.event.type)
      const short = envelopeOf(groups.event.type)
      const ledger = await listen(transport, groups.ledger, (delivery) => {
        if (idOf(delivery) === long.id) return { kind: 'retry', afterMs: 60_000, failure }
        return delivery.attempt === 1 ? { kind: 'retry', afterMs: 100, failure } : ack
      })
      await transport.publish(long, { kind: 'event' })
      await eventually('the long wait has begun', () => ledger.arrived(long.id).length === 1)
      await transport.publish(short, { kind: 'event' })
      await eventually('the short one is back', () => ledger.arrived(short.id).length === 2)
      expect(ledger.arrived(long.id)).toHaveLength(1)
    })

    test.each([0, 2])('tells of the attempt before where that was traced; partitions: %d', async (partitions) => {
      const { ledger, event } = freshGroups()
      const group = { ...ledger, routes: [{ ...event, partitions }] }
      const transport = await opened([group])
      const attempt = (n: number) => ({ traceparent: `00-a-${n}-01`, endedAt: '2026-01-02T03:04:05.678Z' })
      const { deliveries } = await listen(transport, group, ({ attempt: n }) => {
        if (n === 4) return ack
        return { kind: 'retry', afterMs: 100, failure: n === 3 ? failure : { ...failure, attempt: attempt(n) } }
      })
      const envelope = envelopeOf(event.type, { extensions: { partitionkey: 'k' } })
      await transport.publish(envelope, { kind: 'event' })
      await eventually('the fourth attempt', () => deliveries.length === 4)
      // Of one that was not traced nothing is known, and what came before that is another attempt.
      expect(deliveries.map(({ previous }) => previous)).toEqual([undefined, attempt(1), attempt(2), undefined])
    })

    test('brings what has a key one after the other in its order, a retry in its place, and holds up no other', async () => {
      const { ledger, event } = freshGroups()
      const group = { ...ledger, routes: [{ ...event, partitions: 2 }] }
      const transport = await opened([group])
      const { deliveries } = await listen(transport, group, ({ attempt, content }) =>
        attempt === 1 && content.kind === 'message' && content.envelope.id === 'slow-0'
          ? { kind: 'retry', afterMs: 100, failure }
          : ack,
      )
      for (const id of ['slow-0', 'slow-1', 'other-0', 'slow-2', 'other-1']) {
        const extensions = { partitionkey: id.split('-')[0] ?? '' }
        await transport.publish(envelopeOf(event.type, { id, extensions }), { kind: 'event' })
      }
      await eventually('all have arrived', () => deliveries.length === 6)
      const idsOf = (key: string) => deliveries.map(idOf).filter((id) => id?.startsWith(key))
      expect(idsOf('slow')).toEqual(['slow-0', 'slow-0', 'slow-1', 'slow-2'])
      expect(idsOf('other')).toEqual(['other-0', 'other-1'])
      expect(deliveries[0]?.inOrder).toEqual({ kind: 'next', key: expect.any(String) as string })
    })

    test('delivers a rejected or acked message no more', async () => {
      const groups = freshGroups()
      const transport = await opened(groups.all)
      const payments = await listen(transport, groups.payments, ({ attempt }) =>
        attempt === 1 ? { kind: 'reject', failure } : ack,
      )
      const rejected = envelopeOf(groups.command.type)
      await transport.publish(rejected, { kind: 'command' })
      await eventually('it was rejected', () => payments.deliveries.length === 1)
      await payments.subscription.close(30_000)
      const after = await opened(features.durable ? groups.all : freshGroups().all)
      if (!features.durable) return
      const again = await listen(after, groups.payments)
      const marker = envelopeOf(groups.command.type)
      await after.publish(marker, { kind: 'command' })
      await eventually('the marker has arrived', () => again.arrived(marker.id).length === 1)
      expect(again.arrived(rejected.id)).toHaveLength(0)
    })

    test('runs no more deliveries at once than the concurrency, and all in the end', async () => {
      const groups = freshGroups()
      const transport = await opened(groups.all)
      let running = 0
      let most = 0
      const gate = Promise.withResolvers<void>()
      const ledger = await listen(transport, groups.ledger, async () => {
        most = Math.max(most, ++running)
        await gate.promise
        running--
        return ack
      })
      for (let i = 0; i < 20; i++) await transport.publish(envelopeOf(groups.event.type), { kind: 'event' })
      await eventually('the concurrency is used', () => running === limits.concurrency)
      gate.resolve()
      await eventually('all have run', () => ledger.deliveries.length === 20)
      expect(most).toBe(limits.concurrency)
    })

    test('a delivery without a verdict does not hold the others', async () => {
      const groups = freshGroups()
      const transport = await opened(groups.all)
      const never = envelopeOf(groups.event.type)
      const ledger = await listen(transport, groups.ledger, (delivery, signal) =>
        idOf(delivery) === never.id
          ? new Promise<Verdict>((resolve) => signal.addEventListener('abort', () => resolve({ kind: 'release' })))
          : ack,
      )
      await transport.publish(never, { kind: 'event' })
      const others = Array.from({ length: 20 }, () => envelopeOf(groups.event.type))
      for (const each of others) await transport.publish(each, { kind: 'event' })
      await eventually('the others have run', () => others.every(({ id }) => ledger.arrived(id).length === 1))
    })

    test('closing a subscription waits for what runs, then asks it to stop', async () => {
      const groups = freshGroups()
      const transport = await opened(groups.all)
      const gate = Promise.withResolvers<void>()
      let abortedWhileRunning: boolean | undefined
      const ledger = await listen(transport, groups.ledger, async (_, signal) => {
        await gate.promise
        abortedWhileRunning = signal.aborted
        return ack
      })
      await transport.publish(envelopeOf(groups.event.type), { kind: 'event' })
      await eventually('it runs', () => ledger.deliveries.length === 1)
      const closing = ledger.subscription.close(30_000)
      expect(transport.status().groups.find(({ name }) => name === groups.mail.name)).toBeUndefined()
      gate.resolve()
      await closing
      await ledger.subscription.close(30_000)
      expect(abortedWhileRunning).toBe(false)
      expect(transport.status().groups).toEqual([expect.objectContaining({ attached: false })])
    })

    test('after closing, a publish is refused at once and says so', async () => {
      const groups = freshGroups()
      const transport = await opened(groups.all)
      await transport.close()
      expect(await transport.publish(envelopeOf(groups.event.type), { kind: 'event' })).toMatchObject({
        outcome: 'not_accepted',
      })
      expect(transport.status().publishing.ok).toBe(false)
    })

    ifDurable('gives back what was released, and what never came to its turn, for the next subscriber', async () => {
      const groups = freshGroups()
      const first = await opened(groups.all)
      const envelopes = Array.from({ length: 8 }, () => envelopeOf(groups.event.type))
      for (const each of envelopes) await first.publish(each, { kind: 'event' })
      const held = await listen(first, groups.ledger, (_, signal) => {
        return new Promise<Verdict>((resolve) => signal.addEventListener('abort', () => resolve({ kind: 'release' })))
      })
      await eventually('the concurrency is used', () => held.deliveries.length === limits.concurrency)
      await first.close()
      const second = await opened(groups.all)
      const ledger = await listen(second, groups.ledger)
      await eventually('each has arrived', () => envelopes.every(({ id }) => ledger.arrived(id).length === 1))
    })

    ifDurable('two subscribers of a group share its messages, each once', async () => {
      const groups = freshGroups()
      const [one, two] = [await opened(groups.all), await opened(groups.all)]
      const [here, there] = [await listen(one, groups.ledger), await listen(two, groups.ledger)]
      const envelopes = Array.from({ length: 40 }, () => envelopeOf(groups.event.type))
      await Promise.all(envelopes.map((each) => one.publish(each, { kind: 'event' })))
      await eventually('all have arrived', () => here.deliveries.length + there.deliveries.length === 40)
      const ids = [...here.deliveries, ...there.deliveries].map(idOf)
      expect(new Set(ids).size).toBe(40)
      expect(Math.min(here.deliveries.length, there.deliveries.length)).toBeGreaterThan(0)
    })
  })
}
