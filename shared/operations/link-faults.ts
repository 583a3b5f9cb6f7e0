import type { Transport } from '../messaging/transport'
import type { FaultAct } from '../runtime/faults-door'

/** Faults of a service's connections; `transport` answers with nothing while there is none. */
export function linkFaults(
  transport: () => Pick<Transport, 'faults'> | undefined,
): Readonly<Record<'drop-link' | 'close-channel', FaultAct>> {
  const obstacle = () => (transport()?.faults === undefined ? 'it is not connected to a broker yet' : undefined)
  const act = (what: string, strike: () => Promise<number | undefined> | number | undefined): FaultAct => ({
    obstacle,
    strike: async () => ({ detail: `${(await strike()) ?? 0} ${what}` }),
  })
  return {
    'drop-link': act('connections were cut off without a goodbye', () => transport()?.faults?.dropLinks()),
    'close-channel': act('channels were closed by the broker', () => transport()?.faults?.closeChannels()),
  }
}
