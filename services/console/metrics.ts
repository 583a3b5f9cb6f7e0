import { Counter, type Registry } from '@prometheus-io/client'

/** Names and labels are public interface: docs/reference/metrics.md. */
export interface ConsoleMetrics {
  readonly moved: Counter<'group' | 'action'>
  readonly reconnects: Counter
  readonly topologyRecreated: Counter
}

export function consoleMetrics(registry: Registry): ConsoleMetrics {
  const registers = [registry]
  return {
    moved: new Counter({
      name: 'handoff_dead_letters_moved_total',
      help: 'Dead letters that were replayed, discarded, edited or imported.',
      labelNames: ['group', 'action'],
      registers,
    }),
    reconnects: new Counter({
      name: 'handoff_reconnects_total',
      help: 'Connections and channels that came back after a loss.',
      registers,
    }),
    topologyRecreated: new Counter({
      name: 'handoff_topology_recreated_total',
      help: 'Broker objects that had existed and had to be made again.',
      registers,
    }),
  }
}
