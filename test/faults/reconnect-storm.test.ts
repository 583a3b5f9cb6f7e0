/** Everybody loses the broker at once: they come back one by one, and all of them. */
import type { LinkStatus, Transport, TransportEvents } from '../../shared/messaging/transport'
import { openRabbitmq } from '../contract/open-rabbitmq'
import { envelopeOf, freshGroups } from '../contract/transport-fixtures'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { figure, figureWithin } from '../support/figures'
import { howMany } from '../support/how-many'
import { proxiedBroker } from '../support/proxied-broker'
import { percentile } from './percentile'

const broker = useBroker()
const deaf: Omit<TransportEvents, 'linkChanged'> = {
  reconnected: () => {},
  recreated: () => {},
  unroutable: () => {},
  staleSettle: () => {},
  fault: () => {},
}
const clients = howMany({ sampled: 50, long: 200 })

test('many clients that lost the broker together are all back soon, and did not come in step', async () => {
  const { proxy, url } = await proxiedBroker(broker.url)
  const groups = freshGroups()
  const triedAt: number[] = []
  const linkChanged = ({ state }: LinkStatus) => void (state === 'connecting' && triedAt.push(performance.now()))
  const open = async () => (await openRabbitmq(url, groups.all, { events: { ...deaf, linkChanged } })).transport
  const transports: Transport[] = []
  for (let client = 0; client < clients; client++) transports.push(await open())
  triedAt.length = 0

  // Away for some attempts of each, so that each waits by its own jitter.
  proxy.refuse()
  proxy.cut()
  await eventually('each has tried some times', () => triedAt.length >= 4 * clients)
  proxy.accept()
  const acceptedAt = performance.now()
  await eventually('all are back', () => transports.every((each) => each.status().publishing.ok), { withinMs: 60_000 })
  figureWithin(`${clients} clients back after`, acceptedAt, clients * 150)

  const last = triedAt.slice(-clients).sort((a, b) => a - b)
  const spreadMs = percentile(last, 90) - percentile(last, 10)
  figure('their last attempts lay apart by (p10 to p90)', spreadMs, 'ms')
  expect(spreadMs).toBeGreaterThan(50)
  const results = transports.map((each) => each.publish(envelopeOf(groups.command.type), { kind: 'command' }))
  expect(new Set((await Promise.all(results)).map(({ outcome }) => outcome))).toEqual(new Set(['confirmed']))
})
