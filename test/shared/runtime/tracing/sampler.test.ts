import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'
import { createHash } from 'node:crypto'
import { samplerOf } from '../../../../shared/runtime/tracing/sampler'
import type { SamplerName } from '../../../../shared/runtime/tracing/tracing-settings'

const recorded = 2

function chooses(name: SamplerName, { ratio = 1, parent = 'none', traceId = 'a'.repeat(32) } = {}): boolean {
  const sampler = samplerOf({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio })
  const flags = { traceId, spanId: 'b'.repeat(16), traceFlags: parent === 'chosen' ? 1 : 0, isRemote: true }
  const context = parent === 'none' ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, flags)
  return Number(sampler.shouldSample(context, traceId, 'span', SpanKind.SERVER, {}, []).decision) === recorded
}

test.each([
  ['always_on', 'none', true],
  ['always_on', 'not chosen', true],
  ['always_off', 'none', false],
  ['always_off', 'chosen', false],
  ['parentbased_always_on', 'none', true],
  ['parentbased_always_on', 'not chosen', false],
  ['parentbased_always_off', 'none', false],
  ['parentbased_always_off', 'chosen', true],
] as const)('%s, where the parent is %s: %s', (name, parent, chosen) => {
  expect(chooses(name, { parent })).toBe(chosen)
})

test('a share is chosen by the id of the trace, and by the parent where there is one', () => {
  const traceIds = Array.from({ length: 400 }, (_, at) => createHash('md5').update(`${at}`).digest('hex'))
  const share = (name: SamplerName, parent: string) =>
    traceIds.filter((traceId) => chooses(name, { ratio: 0.25, parent, traceId })).length / traceIds.length
  expect(share('traceidratio', 'none')).toBeCloseTo(0.25, 1)
  expect(share('parentbased_traceidratio', 'none')).toBe(share('traceidratio', 'none'))
  expect(share('parentbased_traceidratio', 'chosen')).toBe(1)
  expect(chooses('traceidratio', { ratio: 0 })).toBe(false)
  expect(chooses('traceidratio', { ratio: 1 })).toBe(true)
})
