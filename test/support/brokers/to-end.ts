import type { BrokerKind } from './running-brokers'

const ends: Record<BrokerKind, (() => Promise<unknown>)[]> = { native: [], container: [] }

/** Keeps what the global teardown must do; the last kept is done first. */
export function endLater(kind: BrokerKind, end: () => Promise<unknown>): void {
  ends[kind].unshift(end)
}

export async function endAll(kind: BrokerKind): Promise<void> {
  for (const end of ends[kind].splice(0)) await end()
}
