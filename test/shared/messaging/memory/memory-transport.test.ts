import { setImmediate as turn } from 'node:timers/promises'
import { MemoryTransport } from '../../../../shared/messaging/memory/memory-transport'
import type { Delivery, Envelope, GroupTopology, Urgency, Verdict } from '../../../../shared/messaging/transport'
import { atEnd } from '../../../support/ends'

const orders: GroupTopology = {
  name: 'orders',
  routes: [
    { type: 'order', kind: 'command', contentType: 'application/json' },
    { type: 'step', kind: 'command', contentType: 'application/json', partitions: 2 },
  ],
  delaysMs: [],
}
const priorities = { urgent: '9', normal: '4', low: '0' } as const
const ack: Verdict = { kind: 'ack', effect: 'applied' }

function stage() {
  const transport = new MemoryTransport([orders])
  atEnd(() => transport.close())
  const deliveries: Delivery[] = []
  let sent = 0
  const send = async (extensions: Envelope['extensions'], type = 'order') => {
    const id = `${++sent}`
    const data = Buffer.from('{}')
    const contentType = 'application/json'
    await transport.publish(
      { id, source: '/s', type, time: undefined, contentType, data, extensions },
      { kind: 'command' },
    )
  }
  const sendMany = async (urgency: Urgency, count: number) => {
    for (let n = 0; n < count; n++) await send({ priority: priorities[urgency] })
  }
  /** Handles one after the other until `count` have come. */
  const listen = (count: number, verdict: (delivery: Delivery) => Verdict = () => ack) =>
    new Promise<readonly (Urgency | undefined)[]>((resolve) => {
      void transport.subscribe(orders, { prefetch: 1, concurrency: 1 }, async (delivery) => {
        deliveries.push(delivery)
        await turn()
        if (deliveries.length === count) resolve(deliveries.map(({ urgency }) => urgency))
        return verdict(delivery)
      })
    })
  return { send, sendMany, listen, deliveries }
}

test('an urgent message overtakes a hundred normal and low ones', async () => {
  const { sendMany, listen } = stage()
  await sendMany('low', 100)
  await sendMany('normal', 100)
  await sendMany('urgent', 1)
  expect((await listen(1))[0]).toBe('urgent')
})

test('of 200 deliveries while there is work of each, ten are low ones', async () => {
  const { sendMany, listen } = stage()
  for (const urgency of ['low', 'normal', 'urgent'] as const) await sendMany(urgency, 200)
  const taken = await listen(200)
  const counts = (['urgent', 'normal', 'low'] as const).map(
    (each) => taken.filter((urgency) => urgency === each).length,
  )
  expect(counts).toEqual([160, 30, 10])
})

test.each([
  [{ priority: '7' }, 'order', 'urgent'],
  [{ priority: '3' }, 'order', 'low'],
  [{ priority: 'x' }, 'order', 'normal'],
  [{}, 'order', 'normal'],
  [{ priority: '9', partitionkey: 'k' }, 'order', 'urgent'],
  [{ priority: '9', partitionkey: 'k' }, 'step', 'normal'],
] as const)('what has %j, of the type %s, is %s', async (extensions, type, urgency) => {
  const { send, listen } = stage()
  await send(extensions, type)
  expect(await listen(1)).toEqual([urgency])
})

test('what is put back or tried again stays as urgent as it was', async () => {
  const verdicts: readonly Verdict['kind'][] = ['defer', 'release', 'retry']
  const { sendMany, listen, deliveries } = stage()
  await sendMany('low', 1)
  const failure = { reason: 'failed', errorClass: 'Error', message: 'on purpose', stack: undefined } as const
  const taken = await listen(4, () => {
    const kind = verdicts[deliveries.length - 1]
    if (kind === 'retry') return { kind, afterMs: 1, failure }
    return kind === 'defer' || kind === 'release' ? { kind } : ack
  })
  expect(taken).toEqual(['low', 'low', 'low', 'low'])
})
