import { useEffect, useState } from 'preact/hooks'
import { getJson } from './api'
import { listen } from './live'
import type { Status } from './status'

export type Seen = { readonly status: Status } | { readonly error: Error } | undefined

/** The producer's store is late by a second; one that has to catch up may be later. */
const againMs = 500
const mostTries = 40

/**
 * What the producer says of a message, anew with each change of it. The stream hears of a change before the producer's store
 * has it: who asks then is told what was before, so it is asked until it has caught up.
 */
export function useStatus(id: string, source: string | undefined): Seen {
  const [seen, see] = useState<Seen>(undefined)
  useEffect(() => {
    const ended = new AbortController()
    let toldAt = -Infinity
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async (tries = 0): Promise<void> => {
      clearTimeout(timer)
      const found = await statusOf(id, source, ended.signal)
      if (ended.signal.aborted) return
      see((before) => ('error' in found && before !== undefined && 'status' in before ? before : found))
      const isBehind = 'error' in found ? toldAt > -Infinity : lastStepOf(found.status) < toldAt
      if (isBehind && tries < mostTries) timer = setTimeout(() => void ask(tries + 1), againMs)
    }
    see(undefined)
    void ask()
    listen({ filter: `"${id.replaceAll('"', '')}"`, range: undefined }, ({ rows = [] }) => {
      const own = rows.find((row) => row.id === id && (source === undefined || row.source === source))
      if (own !== undefined) toldAt = Math.max(toldAt, own.lastAt)
      if (rows.length > 0) void ask()
    })
    return () => {
      clearTimeout(timer)
      ended.abort()
    }
  }, [id, source])
  return seen
}

async function statusOf(id: string, source: string | undefined, signal: AbortSignal): Promise<NonNullable<Seen>> {
  const query = source === undefined ? '' : `?source=${encodeURIComponent(source)}`
  try {
    return { status: await getJson<Status>(`messages/${encodeURIComponent(id)}${query}`, signal) }
  } catch (error) {
    return { error: error as Error }
  }
}

function lastStepOf({ timeline }: Status): number {
  return Math.max(...timeline.map(({ at }) => Date.parse(at)))
}
