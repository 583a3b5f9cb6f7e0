import { useEffect, useRef, useState } from 'preact/hooks'
import type { LiveFrame } from '../../views/live'
import type { MessagePage } from '../../views/message-row'
import { getJson } from './api'
import { listen } from './live'
import { afterFrame, mostRows, noRows, withOlder, type ShownRows } from './shown-rows'

/** What comes while the list stands still, in frames. */
const mostHeld = 500
const olderAtOnce = 500
/** A list of fewer may be too short to be scrolled. */
const fewest = 50

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
    if (frame.begins === 'anew') held.current = []
    if (isFrozen.current && frame.begins !== 'anew') held.current.push(frame)
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
    freeze(!frozen)
    if (!frozen) return
    // Of so many, all that would be left is the newest.
    if (frames.length > mostHeld) return begin()
    show((before) => frames.reduce(afterFrame, before))
  }
  const older = useOlder(filter, shown, (page) => show((before) => withOlder(before, page)))
  useEffect(() => {
    if (shown.rows.length < fewest) older()
  }, [shown])
  return { shown, frozen, toggle, older, anew: begin }
}

function useOlder(filter: string, { next, rows }: ShownRows, take: (page: MessagePage) => void): () => void {
  const asking = useRef(false)
  const latest = useRef(filter)
  latest.current = filter
  return () => {
    if (asking.current || next === undefined || rows.length >= mostRows) return
    asking.current = true
    const query = new URLSearchParams({ before: String(next), limit: String(olderAtOnce) })
    if (filter !== '') query.set('filter', filter)
    getJson<MessagePage>(`messages?${query.toString()}`)
      // Asked again by the next movement of the list.
      .then(
        // By now another filter may be looked through.
        (page) => (latest.current === filter ? take(page) : undefined),
        () => {},
      )
      .finally(() => (asking.current = false))
  }
}
