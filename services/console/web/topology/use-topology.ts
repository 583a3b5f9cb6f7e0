import type { KeyRoute, TopologyView } from '../../views/topology'
import { getJson } from '../data/api'
import { watched } from '../data/watched'

export const useTopology = watched<TopologyView>('topology', 5_000)

export interface AskedKey {
  readonly exchange: string
  readonly key: string
}

export function askForRoute({ exchange, key }: AskedKey, signal: AbortSignal): Promise<KeyRoute> {
  return getJson(`topology/route?${new URLSearchParams({ exchange, key }).toString()}`, signal)
}
