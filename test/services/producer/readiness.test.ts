import { MemoryFingerprints, openDoor } from './door'

interface Readiness {
  readonly status: string
  readonly checks: Record<string, { readonly ok: boolean; readonly detail: string }>
}

test('ready when a publish would be sent and the store answers', async () => {
  const response = await (await openDoor()).app.inject('/readyz')
  expect([response.statusCode, response.json<Readiness>().status]).toEqual([200, 'ready'])
})

test('not ready without the broker, and says why', async () => {
  const door = await openDoor({ status: { publishing: { ok: false, detail: 'blocked by the broker: memory' } } })
  const response = await door.app.inject('/readyz')
  expect([response.statusCode, response.json<Readiness>().status]).toEqual([503, 'not_ready'])
  expect(response.json<Readiness>().checks['broker']).toEqual({ ok: false, detail: 'blocked by the broker: memory' })
})

test('not ready while it cannot connect, and says what stands in the way', async () => {
  const links = [{ name: 'producer-publish', state: 'down', detail: '403 ACCESS_REFUSED' }] as const
  const publishing = { ok: false, detail: 'not connected to the broker' }
  const response = await (await openDoor({ status: { publishing, links } })).app.inject('/readyz')
  expect(response.json<Readiness>().checks['broker']).toEqual({
    ok: false,
    detail: 'not connected to the broker; producer-publish is down: 403 ACCESS_REFUSED',
  })
})

test('degraded, not unready, when something had to be made again', async () => {
  const door = await openDoor({ status: { recreated: ['queue test.mail.v1'] } })
  const response = await door.app.inject('/readyz')
  expect([response.statusCode, response.json<Readiness>().status]).toEqual([200, 'degraded'])
  expect(response.json<Readiness>().checks['broker']?.detail).toContain('queue test.mail.v1')
})

test('degraded, not unready, while a command finds no queue', async () => {
  const door = await openDoor({ status: { unroutable: ['payment.capture'] } })
  const response = await door.app.inject('/readyz')
  expect([response.statusCode, response.json<Readiness>().status]).toEqual([200, 'degraded'])
  expect(response.json<Readiness>().checks['broker']?.detail).toBe('no queue is bound for payment.capture')
})

test('degraded, not unready, while the store is away', async () => {
  const store = new MemoryFingerprints()
  store.away = new Error('away')
  const response = await (await openDoor({ store })).app.inject('/readyz')
  expect([response.statusCode, response.json<Readiness>().status]).toEqual([200, 'degraded'])
})

test('not ready once it is to stop, while requests are still served', async () => {
  const door = await openDoor()
  door.drain()
  expect((await door.app.inject('/readyz')).statusCode).toBe(503)
  expect((await door.post('/messages/hello', '"x"')).statusCode).toBe(202)
  expect((await door.app.inject('/livez')).statusCode).toBe(200)
})
