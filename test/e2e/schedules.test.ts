/** Two producers keep one schedule, and each planned time is one message. */
import { join } from 'node:path'
import { keyedMessageId } from '../../services/producer/message-id'
import { openStore } from '../../shared/store/open-store'
import { postgresAnswers } from '../contract/store-test-database'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { howMany } from '../support/how-many'
import { freshDatabase } from '../support/on-postgres'
import { startService, type RunningService } from '../support/service'
import { temporaryStoreUrl } from '../support/temporary-store'

const broker = useBroker()
const child = join(__dirname, 'schedules-child.ts')
const minutes = howMany({ sampled: 1, long: 10 })
const timeoutMs = howMany({ sampled: 300_000, long: 3_600_000 })

const firedBy = async ({ url }: RunningService) => {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const line = /^handoff_schedule_firings_total\{.*outcome="fired".*\} (\d+)$/m.exec(metrics)
  return Number(line?.[1] ?? 0)
}

/** Runs two over one store until so many minutes have been fired since both were there, and stops them in order. */
async function fireFor(namespace: string, storeUrl: string): Promise<void> {
  // Four are started at once from their sources; without a journal none of them reads those again for its thread.
  const settings = { BROKER_URL: broker.url, STORE_URL: storeUrl, NAMESPACE: namespace, JOURNAL_SAMPLE: '0' }
  const producers = await Promise.all([1, 2].map(() => startService('producer', settings, { instead: [child] })))
  const bothSince = new Date().toISOString()
  const store = await openStore({ url: storeUrl, migrations: [] })
  atEnd(() => store.close())
  const sql = 'select planned_at, outcome from handoff_firings where planned_at > $1 order by planned_at'
  const enough = async () => (await store.query(sql, [bothSince])).length >= minutes
  // Both may be ready just after a full minute, and on a busy machine miss the next: one more.
  await eventually('the firings', enough, { withinMs: (minutes + 1) * 60_000 + 10_000 })
  await eventually('as many counted as ended', async () => {
    const counted = await Promise.all(producers.map(firedBy))
    const ended = (await store.query(sql, [''])).filter(({ outcome }) => outcome === 'fired').length
    return ended >= minutes && counted.reduce((sum, count) => sum + count, 0) === ended
  })

  for (const producer of producers) producer.kill('SIGTERM')
  expect(await Promise.all(producers.map(({ exited }) => exited))).toEqual(Array(2).fill({ code: 0, signal: null }))

  const rows = await store.query(sql, [''])
  expect(rows.map(({ outcome }) => outcome)).toEqual(rows.map(() => 'fired'))
  const messages = await (await connectRaw(broker.url)).getAll(`${namespace}.greetings.v1`)
  const idOf = (time: string) => keyedMessageId(`/${namespace}/schedules/each-minute`, time)
  expect(messages.map(({ properties, content }) => [properties.messageId as unknown, content.toString()])).toEqual(
    rows.map(({ planned_at: time }) => [idOf(String(time)), `It is ${String(time)}`]),
  )
}

test(
  'each minute is one row and one message, over SQLite and, where one answers, PostgreSQL',
  async () => {
    const over = [fireFor('sqlite', await temporaryStoreUrl())]
    if (postgresAnswers()) over.push(fireFor('postgres', await freshDatabase()))
    await Promise.all(over)
  },
  timeoutMs,
)

test('what cannot be read stops the producer with one line that names it', async () => {
  const instead: [string, ...string[]] = [child, '0 3 * *']
  const service = await startService('producer', { BROKER_URL: broker.url }, { until: 'spawned', instead })
  expect(await service.exited).toEqual({ code: 78, signal: null })
  expect(service.logs.filter(({ text }) => text !== undefined)).toEqual([
    {
      text:
        'producer: schedule "each-minute": the cron expression "0 3 * *" cannot be read (it has not five fields); ' +
        'use five fields such as "0 3 * * *", or @daily',
    },
  ])
})
