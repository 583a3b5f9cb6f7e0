/** Faults on purpose, with real processes: where the doors are shut, and that what they do is done. */
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { startService, type ServiceName } from '../support/service'
import type { FaultsView, TrialView } from '../../services/console/views/faults'
import { npm } from './npm'

const broker = useBroker()
const withinMs = 120_000
jest.setTimeout(300_000)

const post = (url: string, headers: Record<string, string> = {}, body?: object) =>
  fetch(url, {
    method: 'POST',
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })

const services = ['producer', 'consumer', 'console'] as const

describe.each(services)('the %s', (name) => {
  const start = (settings: Record<string, string>, until: 'ready' | 'spawned' = 'ready') =>
    startService(name, { BROKER_URL: broker.url, NAMESPACE: 'faults', ...settings }, { until })

  test('has no door for faults by default', async () => {
    const { url } = await start({})
    const paths = name === 'console' ? ['/faults', '/faults/trials'] : ['/faults', '/faults/drop-link', '/faults/kill']
    for (const path of paths) expect([path, (await fetch(url + path)).status]).toEqual([path, 404])
    const answer = await post(`${url}${paths[1]}`, { 'handoff-fault': 'drop-link' }, { fault: 'drop-link' })
    expect(answer.status).toBe(404)
  })

  test.each([
    ['in production', { NODE_ENV: 'production' }, 'FAULTS is only for development; NODE_ENV is production'],
    ['on an address that others reach', reached(name), 'FAULTS is on and HOST is "0.0.0.0"'],
  ])('does not start with FAULTS=on %s', async (_where, settings, why) => {
    const { exited, logs } = await start({ FAULTS: 'on', ...settings }, 'spawned')
    expect((await exited).code).toBe(78)
    expect(logs.map(({ text }) => String(text)).join('\n')).toContain(why)
  })
})

function reached(name: ServiceName): Record<string, string> {
  return { HOST: '0.0.0.0', [name === 'console' ? 'CONSOLE_ALLOW_ANONYMOUS' : 'ALLOW_ANONYMOUS']: 'true' }
}

test.each(['producer', 'consumer'] as const)(
  'the %s drops its links for whoever means it, and comes back',
  async (name) => {
    const { url, logs } = await startService(name, { BROKER_URL: broker.url, NAMESPACE: 'faults', FAULTS: 'on' })
    expect((await post(`${url}/faults/drop-link`)).status).toBe(403)
    const struck = await post(`${url}/faults/drop-link`, { 'handoff-fault': 'drop-link' })
    expect(await struck.json()).toMatchObject({
      detail: expect.stringMatching(/^[1-9]\d* connections were cut off/) as string,
    })
    await eventually('it has lost them', () => logs.some(({ detail }) => String(detail).includes('dropped')))
    await eventually('it is ready again', async () => {
      const { checks } = (await (await fetch(`${url}/readyz`)).json()) as { checks: { broker: { ok: boolean } } }
      return checks.broker.ok
    })
    const closed = await post(`${url}/faults/close-channel`, { 'handoff-fault': 'close-channel' })
    expect(await closed.json()).toMatchObject({
      detail: expect.stringMatching(/^[1-9]\d* channels were closed/) as string,
    })
    const refused = await post(`${url}/faults/kill`, { 'handoff-fault': 'kill' })
    expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([
      409,
      expect.stringContaining('nothing would start it again'),
    ])
    expect((await fetch(`${url}/livez`)).status).toBe(200)
  },
)

test('no document tells of the door', async () => {
  const { url } = await startService('producer', { BROKER_URL: broker.url, NAMESPACE: 'faults', FAULTS: 'on' })
  expect(await (await fetch(`${url}/openapi.json`)).text()).not.toContain('/faults')
})

test('npm start has faults switched on: a consumer is killed under load, starts again, and nothing is lost', async () => {
  const system = await npm(['start'], broker.url, { NAMESPACE: 'killed' })
  await eventually('it is ready', () => system.output().includes('Ctrl-C stops everything'), { withinMs })
  const url = `http://127.0.0.1:${system.console}`
  const { faults } = (await (await fetch(`${url}/faults`)).json()) as FaultsView
  const memory = faults.find(({ name }) => name === 'block-memory')?.targets[0]
  // The broker was named: it is not for this system to harm.
  expect(memory).toMatchObject({ name: 'broker', obstacle: expect.stringContaining("somebody else's") as string })
  const refused = await post(`${url}/faults/trials`, {}, { fault: 'block-memory' })
  expect(refused.status).toBe(409)
  const started = await post(
    `${url}/faults/trials`,
    {},
    { fault: 'kill', target: 'consumer', seconds: 4, strikeAfterSeconds: 1 },
  )
  expect(started.status).toBe(202)
  const { id } = (await started.json()) as TrialView
  expect((await post(`${url}/faults/trials`, {}, { fault: 'drop-link' })).status).toBe(409)
  const trial = async () => (await (await fetch(`${url}/faults/trials/${id}`)).json()) as TrialView
  await eventually('it has ended', async () => (await trial()).verdict, { withinMs })
  const { verdict, counts, bands } = await trial()
  expect({ verdict, open: counts.open }).toMatchObject({ verdict: { outcome: 'kept' }, open: 0 })
  expect(bands).toContainEqual(expect.objectContaining({ service: 'consumer', state: 'away' }))
  expect(counts.processed).toBe(counts.accepted)
  system.killGroup('SIGINT')
  expect((await system.ended).code).toBe(0)
})
