import { useBroker } from '../broker'
import { eventually } from '../eventually'
import { startService } from '../service'

const broker = useBroker()

test('a service runs with what it is given, tells what it logs, and how it ended', async () => {
  const service = await startService('consumer', { BROKER_URL: broker.url })
  expect((await fetch(`${service.url}/readyz`)).status).toBe(200)
  expect(service.logs.every(({ level }) => level !== undefined)).toBe(true)
  service.kill()
  expect(await service.exited).toEqual({ code: 0, signal: null })
})

test('one that ends early fails at once, with its last words', async () => {
  const starting = startService('producer', { BROKER_URL: 'ftp://nowhere' })
  await expect(starting).rejects.toThrow(/the producer ended with \d+ before it was ready:\n.*BROKER_URL/)
})

test('one that need not be ready is handed over at once, and is killed at the end', async () => {
  const service = await startService('producer', { BROKER_URL: 'amqp://127.0.0.1:1' }, { until: 'spawned' })
  await eventually('it says that it is not ready', async () => (await fetch(`${service.url}/readyz`)).status === 503)
})
