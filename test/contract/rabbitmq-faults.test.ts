/** Harm that a transport can be asked to do to itself does happen at the broker, and it comes back from it. */
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import type { TransportFaults } from '../../shared/messaging/transport'
import { openRabbitmq } from './open-rabbitmq'
import { ack, envelopeOf, freshGroups, listen } from './transport-fixtures'

const broker = useBroker()

/** A message in a handler while the harm is done; answers once another has come through afterwards. */
async function harmed(harm: (faults: TransportFaults) => number | Promise<number>) {
  const groups = freshGroups()
  const { transport, told } = await openRabbitmq(broker.url, groups.all, { faults: 'on' })
  const gate = Promise.withResolvers<void>()
  const ledger = await listen(transport, groups.ledger, async ({ attempt }) => {
    if (attempt === 1) await gate.promise
    return ack
  })
  const held = envelopeOf(groups.event.type)
  await transport.publish(held, { kind: 'event' })
  await eventually('it is in work', () => ledger.arrived(held.id).length === 1)
  const count = await harm(transport.faults as TransportFaults)
  await eventually('it was delivered again', () => ledger.arrived(held.id).length === 2)
  gate.resolve()
  const after = envelopeOf(groups.event.type)
  await eventually('a publish is confirmed', async () => {
    return (await transport.publish(after, { kind: 'event' })).outcome === 'confirmed'
  })
  await eventually('messages flow', () => ledger.arrived(after.id).length >= 1)
  return { count, told, wentDown: told.links.filter(({ state }) => state === 'down') }
}

test('a transport has no faults unless it was opened for them', async () => {
  const { transport } = await openRabbitmq(broker.url, freshGroups().all)
  expect(transport.faults).toBeUndefined()
})

test('dropped links are resets without a goodbye, and both come back', async () => {
  const { count, told, wentDown } = await harmed((faults) => faults.dropLinks())
  expect(count).toBe(2)
  expect(wentDown.map(({ name }) => name).sort()).toEqual(['test-consume', 'test-publish'])
  expect(wentDown.every(({ detail }) => detail.includes('dropped'))).toBe(true)
  expect(told.reconnected).toEqual(expect.arrayContaining(['test-consume', 'test-publish']))
})

test('closed channels are closed by the broker for an error, and the connections stay', async () => {
  const { count, told, wentDown } = await harmed((faults) => faults.closeChannels())
  expect(count).toBeGreaterThanOrEqual(2)
  expect(wentDown).toEqual([])
  const lost = told.faults.filter((fault) => fault.includes('lost its channel'))
  expect(lost.length).toBeGreaterThanOrEqual(2)
  expect(lost.every((fault) => fault.includes('404'))).toBe(true)
})
