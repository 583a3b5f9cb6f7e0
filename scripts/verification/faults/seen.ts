import { until } from '../../broker/until'

/** Waits until the harm shows; rejects after two minutes by default, for a fault that does nothing proves nothing. */
export async function seen(what: string, ask: () => boolean | Promise<boolean>, withinMs = 120_000): Promise<void> {
  await until(`a fault: ${what}`, withinMs, ask)
}
