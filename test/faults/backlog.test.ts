/** A queue full of the largest messages: the consumer takes no more of them into memory than its prefetch. */
import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { residentBytesOf } from '../../scripts/bench/process-facts'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'
import { startService } from '../support/service'
import { temporaryStoreUrl } from '../support/temporary-store'

const broker = useBroker()
const mebibyte = 1_048_576
const count = howMany({ sampled: 400, long: 2_000 })
const prefetch = 64
// The prefetch, of which each is held as bytes, as data and as a parameter, beside a process that has done nothing.
const mostMebibytes = 500

function webhook(serial: number): Buffer {
  const rest = { provider: 'backlog', event: 'full', deliveryId: String(serial), payload: { filler: '' } }
  const filler = 'x'.repeat(mebibyte - 1_024)
  return Buffer.from(JSON.stringify({ ...rest, payload: { filler } }))
}

/** Its value once two readings, half a second apart, agree. */
async function settled(read: () => Promise<number>): Promise<number> {
  for (let last = await read(); ;) {
    await pause(500)
    const now = await read()
    if (now === last) return now
    last = now
  }
}

test('thousands of messages of a mebibyte are handled in bounded memory', async () => {
  const namespace = 'backlog'
  const storeUrl = await temporaryStoreUrl()
  const env = { BROKER_URL: broker.url, NAMESPACE: namespace, STORE_URL: storeUrl, CONSUMER_GROUPS: 'webhooks' }
  const first = await startService('consumer', env)
  first.kill('SIGTERM')
  await first.exited
  const raw = await connectRaw(broker.url)
  const properties = { persistent: true, type: 'webhook.received', contentType: 'application/json' }
  for (let serial = 0; serial < count; serial++)
    await raw.publishRaw('', `${namespace}.webhooks.v1`, webhook(serial), { ...properties, messageId: randomUUID() })

  const { pid } = await startService('consumer', env)
  const writer = new DatabaseSync(storeUrl.slice('sqlite:'.length), { timeout: 10_000 })
  atEnd(() => Promise.resolve(writer.close()))
  let most = 0
  const watching = setInterval(() => (most = Math.max(most, residentBytesOf(pid) / mebibyte)), 10)
  atEnd(() => Promise.resolve(clearInterval(watching)))
  // Nothing can be committed: the consumer takes what it ever will.
  writer.exec('begin immediate')
  const handled = () => Number(writer.prepare('select count(*) as number from webhooks').get()?.['number'])
  const taken = async () => count - handled() - (await raw.countReady(`${namespace}.webhooks.v1`))
  // A queue too busy to answer in a quarter of a second is told as empty, as if all had been taken.
  await eventually('the prefetch is taken, and no more', async () => (await settled(taken)) === prefetch)
  writer.exec('rollback')
  await eventually('all are handled', () => handled() === count, { withinMs: 110_000 + count * 250 })
  clearInterval(watching)
  figure('resident memory of a consumer before a backlog of 1 MiB messages', Math.round(most), 'MiB')
  expect(most).toBeGreaterThan(50)
  expect(most).toBeLessThan(mostMebibytes)
}, 900_000)
