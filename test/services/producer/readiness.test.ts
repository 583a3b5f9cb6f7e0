import type { SpoolStatus } from '../../../shared/store/spool'
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

describe('with a spool', () => {
  const empty: SpoolStatus = {
    messages: 0,
    bytes: 0,
    maxBytes: 1_000,
    oldestAtMs: undefined,
    refusal: undefined,
    damagedFiles: [],
  }
  const full = {
    ...empty,
    messages: 3,
    bytes: 990,
    refusal: 'the spool is full',
    // Seconds old whenever it is looked at: the tests before take time.
    get oldestAtMs() {
      return Date.now() - 5_000
    },
  }
  const away = { publishing: { ok: false, detail: 'not connected to the broker' } }
  const readiness = async (spool: SpoolStatus, status = {}) => {
    const response = await (await openDoor({ spool: () => spool, status })).app.inject('/readyz')
    const { status: said, checks } = response.json<Readiness>()
    return { code: response.statusCode, said, broker: checks['broker'], spool: checks['spool'] }
  }

  test('ready, and says that it is empty', async () => {
    expect(await readiness(empty)).toMatchObject({
      code: 200,
      said: 'ready',
      spool: { ok: true, detail: 'is empty; 0 of 1000 bytes' },
    })
  })

  test('degraded, not unready, while the spool takes what the broker cannot', async () => {
    expect(await readiness(empty, away)).toMatchObject({
      code: 200,
      said: 'degraded',
      broker: { ok: false, detail: 'not connected to the broker; the spool takes messages meanwhile' },
    })
  })

  test('not ready when neither takes any', async () => {
    expect(await readiness(full, away)).toMatchObject({ code: 503, said: 'not_ready' })
  })

  test('degraded while the spool takes none and the broker does', async () => {
    expect(await readiness(full)).toMatchObject({
      code: 200,
      said: 'degraded',
      spool: { ok: false, detail: 'the spool is full; it holds 3 messages, the oldest for 5 s; 990 of 1000 bytes' },
    })
  })

  test('degraded when something waits for long although the broker is there', async () => {
    const stuck = { ...full, refusal: undefined, oldestAtMs: Date.now() - 61_000 }
    expect(await readiness(stuck)).toMatchObject({ code: 200, said: 'degraded', spool: { ok: false } })
    expect(await readiness(stuck, away)).toMatchObject({ said: 'degraded', spool: { ok: true } })
  })

  test('degraded until a person has taken damaged entries away', async () => {
    expect(await readiness({ ...empty, damagedFiles: ['00000001-16.damaged'] })).toMatchObject({
      said: 'degraded',
      spool: { ok: false, detail: expect.stringContaining('00000001-16.damaged') as string },
    })
  })
})
