import { Counter, Gauge, type Registry } from '@prometheus-io/client'

export type RoutesMetrics = ReturnType<typeof routesMetrics>

/** The metrics of whoever publishes by a routes file. Names and labels are public interface: docs/reference/metrics.md. */
export function routesMetrics(registry: Registry) {
  const registers = [registry]
  return {
    routed: new Counter({
      name: 'handoff_routed_total',
      help: 'What rules of the routes file did to messages when they were published',
      labelNames: ['rule', 'action'],
      registers,
    }),
    reloaded: new Counter({
      name: 'handoff_routes_reloaded_total',
      help: 'Readings of a changed routes file, by what became of them',
      labelNames: ['result'],
      registers,
    }),
    info: new Gauge({
      name: 'handoff_routes_info',
      help: '1, with the hash of the routes file that is in effect',
      labelNames: ['hash'],
      registers,
    }),
  }
}
