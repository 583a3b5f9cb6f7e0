import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { KeyRoute, TopologyView } from '../../views/topology'
import { getJson } from '../data/api'

export interface Shown {
  /** The last that was seen; it stays while the broker is away. */
  readonly view: TopologyView | undefined
  readonly error: Error | undefined
}

const everyMs = 5_000
const topology = signal<Shown>({ view: undefined, error: undefined })

/** Looks again and again while the page is seen. */
export function useTopology(): Shown & { readonly again: () => void } {
  useEffect(() => {
    void look()
    const timer = setInterval(() => {
      if (!document.hidden) void look()
    }, everyMs)
    return () => clearInterval(timer)
  }, [])
  return { ...topology.value, again: () => void look() }
}

async function look(): Promise<void> {
  try {
    topology.value = { view: await getJson<TopologyView>('topology'), error: undefined }
  } catch (error) {
    topology.value = { view: topology.value.view, error: error as Error }
  }
}

export interface AskedKey {
  readonly exchange: string
  readonly key: string
}

export function askForRoute({ exchange, key }: AskedKey, signal: AbortSignal): Promise<KeyRoute> {
  return getJson(`topology/route?${new URLSearchParams({ exchange, key }).toString()}`, signal)
}
