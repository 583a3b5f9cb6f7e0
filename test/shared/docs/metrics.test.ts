/** docs/reference/metrics.md names each metric of each service, with its labels. */
import type { Registry } from '@prometheus-io/client'
import { textOf } from '../../docs/documents'
import { registryOf } from '../../support/own-metrics'

test.each(['Producer', 'Consumer', 'Console', 'All'] as const)('%s', async (service) => {
  const registry = registryOf(service)
  const own = (await registry.getMetricsAsJSON()).filter(({ name }) => name.startsWith('handoff_'))
  const known = own.map(({ name, type }) => `${name} ${type}`)
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
