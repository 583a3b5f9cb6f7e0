/** The path goes silent and nobody is told, both ways or one way: it is noticed and replaced. */
import { openProxied } from '../contract/open-proxied'
import { envelopeOf, listen } from '../contract/transport-fixtures'
import { order, startPair } from '../e2e/pair'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { figure, figureWithin } from '../support/figures'
import { livedClock } from '../support/lived'
import { proxiedBroker } from '../support/proxied-broker'
import type { Direction } from '../../scripts/network/proxy-flow'
import { seeSockets } from './client-sockets'
import { metricOf } from './ready'

const broker = useBroker()
const noticedWithinMs = 35_000
const ways: readonly (readonly Direction[])[] = [['to server'], ['to client'], ['to server', 'to client']]

// The three side by side, since each waits for heartbeats that do not come.
test('an idle consumer on a silent path is given up for a new one, whichever way is silent', async () => {
  await Promise.all(ways.map(replacedAfterSilence))
})

async function replacedAfterSilence(directions: readonly Direction[]): Promise<void> {
  const sockets = seeSockets()
  const { proxy, groups, transport, told } = await openProxied(broker.url)
  const payments = await listen(transport, groups.payments)
  const silenced = sockets.openTo(proxy.port)
  expect(silenced).toHaveLength(2)
  proxy.swallow(directions)
  const [startedAt, lived] = [performance.now(), livedClock()]
  const down = () => told.links.filter(({ name, state }) => name === 'test-consume' && state === 'down')
  await eventually(`silence ${directions.join()} was noticed`, () => down()[0], { withinMs: 2 * noticedWithinMs })
  expect(lived.now()).toBeLessThan(noticedWithinMs)
  figure(`silence ${directions.join(' and ')} noticed by a consumer after`, performance.now() - startedAt, 'ms')
  // Before the path speaks again: a socket that was only ended would wait for the other side's end, for ever.
  await eventually('no silent socket is kept', () => silenced.every(({ destroyed }) => destroyed))
  proxy.resume()
  const resumedAt = performance.now()
  const envelope = envelopeOf(groups.command.type)
  await eventually('a publish is confirmed', async () => {
    const { outcome } = await transport.publish(envelope, { kind: 'command' })
    return outcome === 'confirmed'
  })
  await eventually('messages flow', () => payments.arrived(envelope.id).length >= 1)
  figureWithin(`messages flow again after silence ${directions.join(' and ')}`, resumedAt, 20_000)
}

test('HTTP is answered in time on a path that swallows all, and the repeat has one effect', async () => {
  const { proxy, url } = await proxiedBroker(broker.url)
  const pair = await startPair(url, { NAMESPACE: 'half-open' })
  proxy.swallow()
  const [startedAt, lived] = [performance.now(), livedClock()]
  const place = () => pair.post('order.placed', order('H-1'), { 'idempotency-key': 'H-1' })
  const answer = await place()
  const livedMs = lived.now()
  figure('answer on a silent path', performance.now() - startedAt, 'ms')
  expect(answer).toMatchObject({ status: 503, body: { outcome: 'unknown' } })
  expect(livedMs).toBeLessThan(10_000)
  await eventually('a new connection was tried', () => proxy.tried() > 3)
  proxy.resume()
  const resumedAt = performance.now()
  const again = await eventually('it is accepted', async () => {
    const repeated = await place()
    return repeated.status === 202 && repeated
  })
  figureWithin('after the silence, first 202', resumedAt, 20_000)
  expect(again.body['id']).toBe(answer.body['id'])
  await eventually('the effect', async () => (await pair.rows('select 1 from ledger_entries')).length === 1)
  expect(await metricOf(pair.producer, 'handoff_reconnects_total')).toBeGreaterThanOrEqual(1)
})
