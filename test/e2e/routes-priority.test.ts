/** A priority that a rule of the routes file gives, as it stands at the broker: no consumer runs here. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { partitionOf } from '../../shared/messaging/partition'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { startService } from '../support/service'
import { order, post } from './pair'

const broker = useBroker()
const namespace = 'hurried'
const routes = `version: 1
rules:
  - { name: hurries, match: order.placed, when: event.data.amountCents > 1000, priority: 7 }
  - { name: waits, match: '#', priority: 0 }
`

async function producerBy(rules: string) {
  const folder = await mkdtemp(join(tmpdir(), 'handoff-routes-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'routes.yaml')
  await writeFile(path, rules)
  return startService('producer', { BROKER_URL: broker.url, NAMESPACE: namespace, ROUTES_FILE: path })
}

test('what rules make urgent or low is in these queues of its groups; what keeps its order is in its partition', async () => {
  const producer = await producerBy(routes)
  const raw = await connectRaw(broker.url)
  const send = async (type: string, data: object, headers = {}) => {
    const { status, body } = await post(`${producer.url}/messages/${type}`, data, headers)
    expect({ status, outcome: body['outcome'] }).toEqual({ status: 202, outcome: 'confirmed' })
    return String(body['id'])
  }
  const large = await send('order.placed', order('L'))
  const small = await send('order.placed', { ...order('S'), amountCents: 1 })
  const capture = await send('payment.capture', { paymentId: 'P', amountCents: 1 })
  await send('order.placed', order('K'), { 'handoff-key': 'customer-42' })

  const found = async (queue: string) =>
    (await raw.getAll(`${namespace}.${queue}.v1`)).map(({ properties: { messageId, headers = {} } }) => ({
      id: String(messageId),
      priority: String(headers['cloudEvents_priority']),
    }))
  for (const group of ['ledger', 'mail']) {
    expect([group, await found(`${group}.urgent`)]).toEqual([group, [{ id: large, priority: '7' }]])
    expect([group, await found(`${group}.low`)]).toEqual([group, [{ id: small, priority: '0' }]])
    expect([group, await found(group)]).toEqual([group, []])
    const partition = partitionOf('customer-42', 4)
    expect(await raw.countReady(`${namespace}.${group}.key.${partition}.v1`)).toBe(1)
  }
  expect(await found('payments.low')).toEqual([{ id: capture, priority: '0' }])

  const metrics = await (await fetch(`${producer.url}/metrics`)).text()
  expect(metrics).toContain('handoff_routed_total{rule="hurries",action="priority"} 1')
  expect(metrics).toContain('handoff_routed_total{rule="hurries",action="none"} 1')
  expect(metrics).toContain('handoff_routed_total{rule="waits",action="priority"} 2')
})
