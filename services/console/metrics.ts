import { Counter, type Registry } from '@prometheus-io/client'

/** Names and labels are public interface: docs/reference/metrics.md. */
export interface ConsoleMetrics {
  readonly moved: Counter<'group' | 'action'>
}

export function consoleMetrics(registry: Registry): ConsoleMetrics {
  return {
    moved: new Counter({
      name: 'handoff_dead_letters_moved_total',
      help: 'Dead letters that were replayed, discarded, edited or imported.',
      labelNames: ['group', 'action'],
      registers: [registry],
    }),
  }
}
