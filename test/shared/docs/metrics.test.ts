/** docs/reference/metrics.md names each metric of each service, with its labels. */
import { Registry } from '@prometheus-io/client'
import { consoleMetrics } from '../../../services/console/metrics'
import { addBlockedKeys } from '../../../services/consumer/blocked-keys-metric'
import { consumerMetrics } from '../../../services/consumer/metrics'
import { producerMetrics } from '../../../services/producer/metrics'
import { textOf } from '../../docs/documents'

const make = {
  Producer: (registry: Registry) => producerMetrics(registry, { inFlight: () => 0, spool: () => undefined }),
  Console: (registry: Registry) => consoleMetrics(registry),
  Consumer: (registry: Registry) => {
    addBlockedKeys(registry, () => Promise.resolve([]))
    consumerMetrics(registry, () => Promise.resolve(undefined))
  },
}

test.each(['Producer', 'Consumer', 'Console'] as const)('%s', async (service) => {
  const registry = new Registry()
  make[service](registry)
  const known = (await registry.getMetricsAsJSON()).map(({ name, type }) => `${name} ${type}`)
  expect(
    rowsOf(service)
      .map(({ name, kind }) => `${name} ${kind}`)
      .sort(),
  ).toEqual(known.sort())
  for (const { name, labels } of rowsOf(service)) expect([name, labels]).toEqual([name, labelsOf(registry, name)])
})

function rowsOf(service: string): readonly { name: string; kind: string; labels: readonly string[] }[] {
  const [section = ''] = textOf('docs/reference/metrics.md').split(`## ${service}\n`)[1]?.split('\n## ') ?? []
  return [...section.matchAll(/^\| `(handoff_\w+)`\s*\| (\w+)\s*\| ([^|]*)\|/gm)].map(
    ({ 1: name = '', 2: kind = '', 3: labels = '' }) => ({
      name,
      kind,
      labels: [...labels.matchAll(/`(\w+)`/g)].map(({ 1: label = '' }) => label),
    }),
  )
}

function labelsOf(registry: Registry, name: string): readonly string[] {
  return (registry.getSingleMetric(name) as unknown as { readonly labelNames: readonly string[] }).labelNames
}
