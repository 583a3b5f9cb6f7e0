import { useEffect, useRef, useState } from 'preact/hooks'
import type { LiveFrame } from '../../views/live'
import type { MessagePage } from '../../views/message-row'
import { getJson } from './api'
import { listen } from './live'
import { afterFrame, mostRows, noRows, withOlder, type ShownRows } from './shown-rows'

/** What comes while the list stands still, in frames. */
const mostHeld = 500
const olderAtOnce = 500

export interface TimelineState {
  readonly shown: ShownRows
  readonly frozen: boolean
  /** A list that moves cannot be read: what comes is held until the person goes on. */
  readonly toggle: () => void
  /** Asks for older ones, where there are any. */
  readonly older: () => void
  /** Begins with the newest again. */
  readonly anew: () => void
}

export function useTimeline(filter: string): TimelineState {
  const [shown, show] = useState(noRows)
  const [frozen, freeze] = useState(false)
  const held = useRef<LiveFrame[]>([])
  const isFrozen = useRef(false)
  isFrozen.current = frozen
  const hear = (frame: LiveFrame) => {
    if (isFrozen.current && frame.begins !== 'anew') held.current = [...held.current, frame].slice(-mostHeld)
    else show((before) => afterFrame(before, frame))
  }
  const begin = () => {
    show(noRows)
    held.current = []
    listen({ filter, range: undefined }, hear)
  }
  useEffect(begin, [filter])
  const toggle = () => {
    const frames = held.current
    held.current = []
    if (frozen) show((before) => frames.reduce(afterFrame, before))
    freeze(!frozen)
  }
  const older = useOlder(filter, shown, (page) => show((before) => withOlder(before, page)))
  return { shown, frozen, toggle, older, anew: begin }
}

function useOlder(filter: string, { next, rows }: ShownRows, take: (page: MessagePage) => void): () => void {
  const asking = useRef(false)
  return () => {
    if (asking.current || next === undefined || rows.length >= mostRows) return
    asking.current = true
    const query = new URLSearchParams({ before: String(next), limit: String(olderAtOnce) })
    if (filter !== '') query.set('filter', filter)
    getJson<MessagePage>(`messages?${query.toString()}`)
      // Asked again by the next movement of the list.
      .then(take, () => {})
      .finally(() => (asking.current = false))
  }
}
