import { pino } from 'pino'
import { createHttpServer } from '../../../shared/runtime/http-server'
import { createMetrics } from '../../../shared/runtime/metrics'
import { addMetrics, addProbes, type Checks } from '../../../shared/runtime/probes'
import { atEnd } from '../../support/ends'

function appWith(checks: Checks) {
  const app = createHttpServer({ logger: pino({ level: 'silent' }), bodyLimit: 1_000 })
  atEnd(() => app.close())
  addProbes(app, checks)
  return app
}

const ok = { status: 'ok', detail: 'fine' } as const
const degraded = { status: 'degraded', detail: 'one of two' } as const
const failed = { status: 'failed', detail: 'gone' } as const

test.each([
  ['ready', 200, { broker: () => ok, store: () => Promise.resolve(ok) }],
  ['degraded', 200, { broker: () => ok, store: () => degraded }],
  ['not_ready', 503, { broker: () => failed, store: () => degraded }],
  ['ready', 200, {}],
] as const)('/readyz is %s with %i', async (status, code, checks) => {
  const response = await appWith(checks).inject('/readyz')
  expect(response.statusCode).toBe(code)
  expect(response.json<{ status: string }>().status).toBe(status)
})

test('/readyz says of each check whether it is ok and why', async () => {
  const response = await appWith({ broker: () => ok, store: () => degraded }).inject('/readyz')
  expect(response.json()).toEqual({
    status: 'degraded',
    checks: { broker: { ok: true, detail: 'fine' }, store: { ok: false, detail: 'one of two' } },
  })
})

test('a check that throws, rejects or never answers has failed, and the probe does not hang', async () => {
  const checks: Checks = {
    throws: () => {
      throw new Error('broken')
    },
    rejects: () => Promise.reject(new Error('away')),
    hangs: () => new Promise(() => undefined),
  }
  const response = await appWith(checks).inject('/readyz')
  expect(response.statusCode).toBe(503)
  expect(response.json<{ checks: unknown }>().checks).toEqual({
    throws: { ok: false, detail: 'broken' },
    rejects: { ok: false, detail: 'away' },
    hangs: { ok: false, detail: 'the check "hangs" took longer than 2000 ms' },
  })
})

test('/livez asks nobody', async () => {
  const check = jest.fn(() => failed)
  const response = await appWith({ broker: check }).inject('/livez')
  expect(response.statusCode).toBe(200)
  expect(check).not.toHaveBeenCalled()
})

test('/metrics has the process metrics with the event loop lag as Prometheus text', async () => {
  const app = appWith({})
  addMetrics(app, createMetrics('producer'))
  const response = await app.inject('/metrics')
  expect(response.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(response.body).toMatch(/nodejs_eventloop_lag_p99_seconds\{service="producer"\}/)
})
