/** A collector that is slow, refuses or is away costs spans: no message, no time, no stop. And without one there is nothing. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { metricOf } from '../faults/ready'
import { useBroker } from '../support/broker'
import { startCollector, type CollectorManners } from '../support/collector'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { startService } from '../support/service'
import { order, startPair, type Pair } from './pair'

const broker = useBroker()
const count = 40

async function sendOrders({ post }: Pair, prefix: string): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: count }, (_, at) => post('order.placed', order(`${prefix}-${at}`))),
  )
  for (const { status, body } of answers) expect([status, body['outcome']]).toEqual([202, 'confirmed'])
}

async function stopBoth({ producer, consumer }: Pair): Promise<void> {
  for (const service of [producer, consumer]) {
    service.kill('SIGTERM')
    expect(await service.exited).toEqual({ code: 0, signal: null })
  }
}

test.each<[string, CollectorManners, string | undefined]>([
  ['never answers', 'mute', undefined],
  ['answers 500', '500', undefined],
  ['is not there', 'takes', 'http://127.0.0.1:1'],
])('a collector that %s', async (words, manners, elsewhere) => {
  const collector = await startCollector(manners)
  const pair = await startPair(broker.url, {
    NAMESPACE: words.replaceAll(' ', '-'),
    OTEL_EXPORTER_OTLP_ENDPOINT: elsewhere ?? collector.url,
    // Not a setting of ours: the exporter reads it by itself.
    OTEL_EXPORTER_OTLP_TIMEOUT: '60000',
    OTEL_BSP_SCHEDULE_DELAY: '20',
    OTEL_BSP_MAX_QUEUE_SIZE: '50',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
    SHUTDOWN_TIMEOUT_MS: '20000',
  })
  await sendOrders(pair, words)
  const effects = async (table: string) => (await pair.rows(`select 1 from ${table}`)).length
  await eventually(
    'all effects',
    async () => (await effects('ledger_entries')) + (await effects('mails')) === 2 * count,
  )
  for (const service of [pair.producer, pair.consumer]) {
    expect(await metricOf(service, 'handoff_spans_dropped_total')).toBeGreaterThan(0)
    expect(service.logs.filter(({ msg }) => msg === 'spans were not delivered')).toHaveLength(1)
  }
  // Ended by force it would be 1.
  await stopBoth(pair)
})

test('what has not been sent yet is sent at the stop, with what the environment says of the process', async () => {
  const collector = await startCollector()
  const pair = await startPair(broker.url, {
    NAMESPACE: 'flushed',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '60000',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=of the backend',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,service.name=named',
  })
  await sendOrders(pair, 'flushed')
  const mails = async () => (await pair.rows('select 1 from mails')).length
  await eventually('all mails', async () => (await mails()) === count)
  expect(collector.spans).toEqual([])
  await stopBoth(pair)
  const handled = collector.spans.filter(({ name }) => name === 'process flushed.mail.v1')
  expect(handled).toHaveLength(count)
  expect(handled[0]).toMatchObject({ service: 'named', resource: { 'deployment.environment.name': 'test' } })
  expect(collector.headers()).toMatchObject({ 'x-key': 'of the backend' })
  const complaints = [...pair.producer.logs, ...pair.consumer.logs].filter(({ level }) => level === 'warn')
  expect(complaints.filter(({ msg }) => String(msg).startsWith('spans'))).toEqual([])
})

test.each(['producer', 'consumer'] as const)('without an endpoint a %s loads no SDK', async (name) => {
  const folder = await mkdtemp(join(tmpdir(), 'handoff-modules-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const loaded = async (settings: Record<string, string>) => {
    const LOADED_MODULES = join(folder, 'modules')
    const NODE_OPTIONS = `-r ${join(__dirname, 'fixtures', 'loaded-modules.ts')}`
    const service = await startService(name, { BROKER_URL: broker.url, LOADED_MODULES, NODE_OPTIONS, ...settings })
    service.kill('SIGTERM')
    expect(await service.exited).toEqual({ code: 0, signal: null })
    return (await readFile(LOADED_MODULES, 'utf8')).split('\n')
  }
  const without = await loaded({ NAMESPACE: 'without' })
  expect(without.filter((file) => file.includes('tracing/open-tracing'))).toHaveLength(1)
  // The metrics library has brought the API all the time.
  const isOfSdk = (file: string) => /@opentelemetry\/(?!api\/)|otlp/.test(file)
  expect(without.filter(isOfSdk)).toEqual([])
  const withOne = await loaded({ NAMESPACE: 'with', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
  expect(withOne.filter((file) => file.includes('@opentelemetry/sdk-trace/'))).not.toEqual([])
})
