import { Registry } from '@prometheus-io/client'
import { producerMetrics } from '../../../services/producer/metrics'
import type { SpoolStatus } from '../../../shared/store/spool'

const status: SpoolStatus = {
  messages: 2,
  bytes: 600,
  maxBytes: 1_000,
  oldestAtMs: undefined,
  refusal: undefined,
  damagedFiles: [],
}

test.each([
  ['a spool tells how much of its room it takes', status, [2, 600, 1_000]],
  ['without a spool there is no room', undefined, [0, 0, 0]],
])('%s', async (_, spool, wanted) => {
  const registry = new Registry()
  producerMetrics(registry, { inFlight: () => 0, spool: () => spool })
  const text = await registry.metrics()
  const value = (name: string) => Number(new RegExp(`^handoff_spool_${name} (\\S+)$`, 'm').exec(text)?.[1])
  expect(['messages', 'bytes', 'limit_bytes'].map(value)).toEqual(wanted)
})
