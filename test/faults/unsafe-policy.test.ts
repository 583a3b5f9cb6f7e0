/** Somebody's policy makes queues less safe than they were declared: services say so where management tells them. */
import { useBroker } from '../support/broker'
import { runningBroker } from '../support/brokers/running-brokers'
import { eventually } from '../support/eventually'
import { figureWithin } from '../support/figures'
import { proxiedBroker } from '../support/proxied-broker'
import { startService, type RunningService } from '../support/service'
import { eventuallySays, metricOf } from './ready'

const broker = useBroker()
const everyMs = 500

const settingsOf = (namespace: string, managementUrl = runningBroker().managementUrl) => ({
  BROKER_URL: broker.url,
  BROKER_MANAGEMENT_URL: managementUrl,
  NAMESPACE: namespace,
  POLICY_CHECK_MS: String(everyMs),
})
const errorsOf = ({ logs }: RunningService) => logs.filter(({ level }) => level === 'error')

test.each(['producer', 'consumer'] as const)(
  'the %s is not ready under a policy that drops, names it, tells it once, and is ready again without it',
  async (name) => {
    const service = await startService(name, settingsOf(`watched-${name}`))
    // Of a fresh queue the broker tells nothing at first.
    await eventually('of every queue something is told', async () => {
      const { checks } = await eventuallySays(service, 'ready')
      return checks['policies']?.detail === 'no policy makes a queue less safe'
    })
    const setAt = performance.now()
    await broker.management.setPolicy('greedy', `^watched-${name}\\.`, { 'max-length': 1_000, overflow: 'drop-head' })
    await eventuallySays(service, 'not_ready')
    figureWithin('not ready after the policy was set', setAt, 15_000)
    const { detail } = await eventually('all queues are told', async () => {
      const { checks } = await eventuallySays(service, 'not_ready')
      return (await metricOf(service, 'handoff_unsafe_policies')) > 20 && checks['policies']
    })
    expect(detail).toContain('policy "greedy" sets overflow to "drop-head" on ')
    await broker.management.deletePolicy('greedy')
    await eventuallySays(service, 'ready')
    await eventually('the metric is 0', async () => (await metricOf(service, 'handoff_unsafe_policies')) === 0)
    expect(errorsOf(service)).toMatchObject([{ policies: expect.stringContaining('policy "greedy"') as string }])
  },
)

test('a service that starts under such a policy says so at its start', async () => {
  const settings = settingsOf('from-the-start')
  const first = await startService('consumer', settings)
  await broker.management.setPolicy('early', '^from-the-start\\.', { expires: 3_600_000 })
  await eventuallySays(first, 'not_ready')
  const second = await startService('producer', settings, { until: 'spawned' })
  const { checks } = await eventuallySays(second, 'not_ready')
  expect(checks['policies']?.detail).toContain('policy "early" sets expires to 3600000')
  await broker.management.deletePolicy('early')
})

test('a policy that only limits, or is of another namespace, leaves it ready', async () => {
  const service = await startService('consumer', settingsOf('calm'))
  await broker.management.setPolicy('limits', '^calm\\.', { 'max-length': 1_000 })
  await broker.management.setPolicy('theirs', '^other\\.', { overflow: 'drop-head' })
  await eventually('the limit is in force', async () => {
    const { effective_policy_definition: definition } = (await broker.management.queue('calm.mail.v1')) as {
      effective_policy_definition?: Record<string, unknown>
    }
    return definition?.['max-length'] === 1_000
  })
  await eventuallySays(service, 'ready')
  expect(await metricOf(service, 'handoff_unsafe_policies')).toBe(0)
})

test('while management is away it is ready, and says that it cannot see', async () => {
  const { proxy, url } = await proxiedBroker(runningBroker().managementUrl)
  const service = await startService('producer', settingsOf('blind', url.replace('//', '//guest:guest@')))
  proxy.refuse()
  const cannot = await eventually('it cannot see', async () => {
    const { checks } = await eventuallySays(service, 'ready')
    return (
      checks['policies']?.detail.startsWith('cannot be seen: the management interface cannot be asked at') && checks
    )
  })
  expect(cannot['policies']?.ok).toBe(true)
  expect(JSON.stringify(service.logs)).not.toContain('guest:guest')
  proxy.accept()
  await eventually('it sees again', async () => {
    const { checks } = await eventuallySays(service, 'ready')
    return checks['policies']?.detail === 'no policy makes a queue less safe'
  })
})
