import { Registry } from '@prometheus-io/client'
import { checkLoad } from '../../../../services/consumer/load/check-load'
import type { LoadStatus } from '../../../../services/consumer/load/group-load'
import { toldLoad } from '../../../../services/consumer/load/told-load'
import { consumerMetrics } from '../../../../services/consumer/metrics'
import type { Logger } from '../../../../shared/runtime/logger'

const well: LoadStatus = {
  limit: 10,
  ceiling: 10,
  strain: undefined,
  circuit: 'closed',
  failures: { runs: 0, lastError: '' },
  nextTrialInMs: 0,
}
const failures = { runs: 10, lastError: 'connect ECONNREFUSED' }
const open: LoadStatus = { ...well, circuit: 'open', failures, nextTrialInMs: 3_200 }

test.each([
  [well, 'ok', 'nothing is held back'],
  [{ ...well, limit: 7, strain: 'latency' }, 'ok', 'payments: 7 of 10 handlers at once, for its latency'],
  [{ ...well, limit: 2 }, 'ok', 'payments: 2 of 10 handlers at once'],
  [open, 'degraded', 'payments: circuit open, 10 runs in a row failed, last "connect ECONNREFUSED"; next trial in 4 s'],
  [
    { ...open, nextTrialInMs: 0 },
    'degraded',
    'payments: circuit open, 10 runs in a row failed, last "connect ECONNREFUSED"; next trial with the next message',
  ],
  [
    { ...open, circuit: 'half open' },
    'degraded',
    'payments: circuit half open, 10 runs in a row failed, last "connect ECONNREFUSED"; one message is being tried',
  ],
] as const)('%j is told by /readyz as %s', (status, how, detail) => {
  expect(checkLoad([{ group: 'payments', ...status }])).toEqual({ status: how, detail })
})

test('the log and the metrics hear of each change', async () => {
  const registry = new Registry()
  const metrics = consumerMetrics(registry, () => Promise.resolve(undefined))
  const lines: string[] = []
  const told = (level: string) => (_: object, line: string) => void lines.push(`${level} ${line}`)
  const logger = { debug: told('debug'), info: told('info'), warn: told('warn') } as unknown as Logger
  const tell = toldLoad(logger, metrics)
  tell('limit', 'payments', well)
  tell('circuit', 'payments', open)
  tell('circuit', 'payments', { ...open, circuit: 'half open' })
  tell('circuit', 'payments', open)
  expect(await registry.metrics()).toMatch(/handoff_circuit_state\{group="payments"\} 2/)
  tell('circuit', 'payments', { ...well, limit: 1 })
  expect(lines).toEqual([
    'debug so many handlers may run at once',
    'warn circuit open: the group is paused',
    'info circuit half open: one message is tried',
    'warn circuit open again',
    'info circuit closed: its dependency is back, slow start',
  ])
  const text = await registry.metrics()
  expect(text).toContain('handoff_circuit_state{group="payments"} 0')
  expect(text).toContain('handoff_circuit_opened_total{group="payments"} 1')
  expect(text).toContain('handoff_concurrency_limit{group="payments"} 1')
})
