/** Prometheus with the configuration that is shipped, beside a real pair: what it scrapes, and what its alerts say then. */
import { groups } from '../../shared/messages/groups'
import { asked } from '../deploy/expressions'
import { ofBroker, ofQueues } from '../deploy/known-metrics'
import { brokerMetrics } from '../support/broker-metrics'
import { brokerKind } from '../support/brokers/running-brokers'
import { commandExists } from '../support/command-exists'
import { eventually } from '../support/eventually'
import { useOwnBroker } from '../support/own-broker'
import { startPrometheus, type Prometheus } from '../support/prometheus'
import { startService } from '../support/service'
import { order, startPair, type Pair } from './pair'

const services = ['handoff-console', 'handoff-consumer', 'handoff-producer']
const hint = brokerKind() !== 'native' ? ' (on the native broker only)' : ' (skipped without prometheus)'
const isMissing = !commandExists('prometheus') && process.env['CI'] === undefined
const isSkipped = isMissing || brokerKind() !== 'native'
const suite = isSkipped ? describe.skip : describe

suite(`Prometheus beside a pair${isSkipped ? hint : ''}`, () => {
  const broker = useOwnBroker()
  let pair: Pair
  let prometheus: Prometheus

  const hostOf = (url: string) => new URL(url).host
  /** The labels of an alert that is pending or fires, each as `group/reason`. */
  const told = async (name: string, ...labels: readonly string[]) => {
    const alerts = await prometheus.alerts(name)
    return alerts.map((alert) => labels.map((label) => alert.labels[label]).join('/')).sort()
  }
  const groupsWith = async (record: string) =>
    [...new Set((await prometheus.query(record)).map(({ metric }) => metric['group']))].sort()

  beforeAll(async () => {
    const rabbitmq = await brokerMetrics(broker)
    pair = await startPair(broker.url)
    const console = await startService('console', { BROKER_URL: broker.url, STORE_URL: pair.storeUrl })
    prometheus = await startPrometheus({
      'handoff-producer': hostOf(pair.producer.url),
      'handoff-consumer': hostOf(pair.consumer.url),
      'handoff-console': hostOf(console.url),
      rabbitmq,
      'rabbitmq-queues': rabbitmq,
    })
  }, 240_000)

  test('all targets answer, and the queues of each group are found', async () => {
    await eventually('all are up', async () => {
      const targets = await prometheus.targets()
      return targets.length === 5 && targets.every(({ health }) => health === 'up')
    })
    const all = groups.map(({ name }) => name).sort()
    await eventually('consumers', async () => String(await groupsWith('handoff:queue_consumers > 0')) === String(all))
    expect(await groupsWith('handoff:dead_letters')).toEqual(all)
  })

  test('every rule can be evaluated, and every panel be shown', async () => {
    expect((await pair.post('order.placed', order('watched'))).status).toBe(202)
    await eventually('no rule fails', async () => (await prometheus.unhealthyRules()).length === 0)
    for (const expr of asked) await prometheus.query(expr)
  })

  test('the broker has every metric that alerts and dashboard ask for', async () => {
    await eventually('all of them', async () => {
      const found = await Promise.all([...ofBroker, ...ofQueues].map((name) => prometheus.query(name)))
      return found.every((series) => series.length > 0)
    })
  })

  test('the clock of each service is that of Prometheus', async () => {
    const off = await prometheus.query('handoff_clock_seconds - timestamp(handoff_clock_seconds)')
    expect(off.map(({ metric }) => metric['job']).sort()).toEqual(services)
    expect(off.filter(({ value: [, seconds] }) => Math.abs(Number(seconds)) > 1)).toEqual([])
  })

  test('with nothing wrong, nothing is told', async () => {
    expect(await prometheus.query('ALERTS')).toEqual([])
  })

  test('the first dead letter of a group is told', async () => {
    const payment = { paymentId: 'P-1', amountCents: 4200 }
    for (const _ of [1, 2]) await pair.post('payment.capture', payment)
    const growing = () => told('HandoffDeadLettersGrowing', 'group', 'reason')
    await eventually('the alert', async () => String(await growing()) === 'payments/rejected')
  })

  test('without its consumer each group is told, the service, and the queue that holds a message', async () => {
    pair.consumer.kill('SIGKILL')
    await pair.consumer.exited
    await pair.post('hello', 'Hello!', { 'content-type': 'text/plain' })
    const all = groups.map(({ name }) => name).sort()
    const gone = () => told('HandoffNoConsumers', 'group')
    await eventually('no consumers', async () => String(await gone()) === String(all))
    const down = () => told('HandoffServiceDown', 'job')
    await eventually('the service', async () => String(await down()) === 'handoff-consumer')
    const still = () => told('HandoffOldestMessage', 'queue')
    await eventually('the queue', async () => (await still()).includes('handoff.greetings.v1'))
  })
})
