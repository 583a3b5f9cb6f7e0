/** Messages that kill the process: exactly they are parked, and the others flow again after each restart. */
import { join } from 'node:path'
import type { Transport } from '../../shared/messaging/transport'
import { groupTopologies } from '../../shared/operations/group-topology'
import { openStore } from '../../shared/store/open-store'
import { openRabbitmq } from '../contract/open-rabbitmq'
import { envelopeOf } from '../contract/transport-fixtures'
import { createDatabase, postgresAnswers } from '../contract/store-test-database'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'
import { startService, type RunningService } from '../support/service'
import type { LogLine } from '../support/service-logs'
import { temporaryStoreUrl } from '../support/temporary-store'
import { deaths, groups } from './suspect-messages'

const broker = useBroker()
const innocents = howMany({ sampled: 150, long: 5_000 })
const flowsAgainWithinMs = 5_000

/** Starts the consumer again whenever it dies, as a supervisor would, until the end of the test. */
async function keepAlive(namespace: string, storeUrl: string): Promise<readonly RunningService[]> {
  const settings = { BROKER_URL: broker.url, NAMESPACE: namespace, STORE_URL: storeUrl, CONCURRENCY: '25' }
  const instead = [join(__dirname, 'suspect-consumer-child.ts')] as const
  const lives: RunningService[] = []
  let ended = false
  const live = async () => {
    const life = await startService('consumer', settings, { until: 'spawned', instead })
    // Closed last first: this comes before the life that was just begun is ended for good.
    atEnd(() => (ended = true))
    lives.push(life)
    void life.exited.then(() => (ended ? undefined : live()))
  }
  await live()
  return lives
}

async function send(transport: Transport, type: string, data: object): Promise<string> {
  const envelope = envelopeOf(type, { data: Buffer.from(JSON.stringify(data)) })
  expect(await transport.publish(envelope, { kind: 'command' })).toMatchObject({ outcome: 'confirmed' })
  return envelope.id
}

const timeOf = (line: LogLine | undefined) => (line === undefined ? NaN : Date.parse(String(line['time'])))
// What an abort leaves behind is no log line, and bears no time.
const lastWordOf = (logs: readonly LogLine[]) => timeOf(logs.findLast((line) => 'time' in line))
const firstOf = (logs: readonly LogLine[], wanted: string) => timeOf(logs.find(({ msg }) => msg === wanted))

/** The longest that a life worked for nobody after it was attached; one that helped nobody did so until its last word. */
function longestIdleMs(lives: readonly RunningService[]): number {
  const attached = lives.filter(({ logs }) => !Number.isNaN(firstOf(logs, 'started')))
  const idle = attached.map(({ logs }) => {
    const helped = firstOf(logs, 'processed')
    return (Number.isNaN(helped) ? lastWordOf(logs) : helped) - firstOf(logs, 'started')
  })
  return Math.max(...idle)
}

/** The longest from the last word of a life that died to the next message that was done, in whichever life that was. */
function longestStandstillMs(lives: readonly RunningService[]): number {
  const done = lives.flatMap(({ logs }) => logs.filter(({ msg }) => msg === 'processed').map(timeOf))
  const standstills = lives.slice(0, -1).map(({ logs }) => {
    const diedAt = lastWordOf(logs)
    return Math.min(...done.filter((at) => at > diedAt)) - diedAt
  })
  // After the last death there may be nobody left to be done for.
  return Math.max(0, ...standstills.filter(Number.isFinite))
}

const onPostgres = async () => {
  const database = await createDatabase()
  atEnd(() => database.drop())
  return database.url
}

const kill = { database: 'SQLite', open: temporaryStoreUrl, death: 'SIGKILL' as const, killersAmong: 1 }
const cases = [
  ...deaths.map((death) => ({ ...kill, death })),
  { ...kill, killersAmong: howMany({ sampled: 3, long: 30 }) },
  { ...kill, database: 'PostgreSQL', open: onPostgres, killersAmong: howMany({ sampled: 2, long: 3 }) },
]

for (const { database, open, death, killersAmong } of cases)
  (database === 'SQLite' || postgresAnswers() ? test : test.skip)(
    `${killersAmong} that kill by ${death} among ${innocents}, on ${database}`,
    async () => {
      const namespace = `suspects-${death}-${killersAmong}-${database}`
      const { transport } = await openRabbitmq(broker.url, groupTopologies(groups), { namespace })
      const storeUrl = await open()
      const wanted: string[] = []
      const killers: string[] = []
      for (let index = 0; index < innocents; index++) {
        if (index === 5)
          for (let killer = 0; killer < killersAmong; killer++)
            killers.push(await send(transport, 'suspect.work', { orderId: 'killer', death }))
        // Those beside the killers take their time, so that each death finds them in work.
        const innocent = { orderId: `${index}`, workMs: index < 20 ? 200 : 0 }
        wanted.push(await send(transport, index % 10 === 0 ? 'suspect.other' : 'suspect.work', innocent))
      }
      const lives = await keepAlive(namespace, storeUrl)
      const raw = await connectRaw(broker.url)
      const dead = `${namespace}.work.dead.v1`
      await eventually('all killers are parked', async () => (await raw.countReady(dead)) > killersAmong - 1, {
        withinMs: howMany({ sampled: 100_000, long: 900_000 }),
      })
      const store = await openStore({ url: storeUrl, migrations: [] })
      atEnd(() => store.close())
      const effects = async () =>
        (await store.query('select message_id from ledger_entries')).map((row) => String(row['message_id']))
      await eventually('all others have their effect', async () => (await effects()).length >= wanted.length)

      expect((await effects()).sort()).toEqual([...wanted].sort())
      const letters = await raw.getAll(dead)
      // One is there twice when the process died by another between its copy and its ack.
      const parked = new Set(letters.map(({ properties }) => properties.messageId as string))
      expect(parked).toEqual(new Set(killers))
      for (const { properties } of letters) expect(properties.headers).toMatchObject({ 'handoff-reason': 'crash' })
      expect(await raw.countReady(`${namespace}.other.dead.v1`)).toBe(0)
      const begun = (id: string) =>
        lives.flatMap(({ logs }) => logs.filter(({ msg, messageId }) => msg === 'about to die' && messageId === id))
      const starts = Math.max(...killers.map((id) => begun(id).length))
      figure('starts of a message that kills, at most', starts, 'runs')
      figure('parked beside those that kill', wanted.filter((id) => parked.has(id)).length, 'messages')
      expect(starts).toBeLessThanOrEqual(4)
      const idleMs = longestIdleMs(lives)
      figure('others flow again after a restart', idleMs, 'ms')
      figure('from a death to the next message done', longestStandstillMs(lives), 'ms')
      figure('starts of the process', lives.length, 'runs')
      expect(idleMs).toBeLessThan(flowsAgainWithinMs)
    },
  )
