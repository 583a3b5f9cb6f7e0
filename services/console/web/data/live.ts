import { signal } from '@preact/signals'
import { createParser } from 'eventsource-parser'
import type { LiveFrame } from '../../views/live'
import type { WindowFacts } from '../../views/message-row'
import type { NumbersView, RangeName } from '../../views/numbers'
import type { SystemView } from '../../views/system'
import { ask, Refusal } from './api'
import { serverClock } from './clock'

/** What a page wants to hear. */
export interface Wanted {
  /** Undefined for a page that shows no messages. */
  readonly filter: string | undefined
  readonly range: RangeName | undefined
}

export type Link =
  | { readonly state: 'connecting' | 'live' | 'paused' }
  | { readonly state: 'away'; readonly why: string }
  | { readonly state: 'refused'; readonly why: string; readonly status: number }

export const link = signal<Link>({ state: 'connecting' })
export const system = signal<SystemView | undefined>(undefined)
export const windowFacts = signal<WindowFacts | undefined>(undefined)
export const numbers = signal<NumbersView | undefined>(undefined)

type HearRows = (frame: Pick<LiveFrame, 'rows' | 'gone' | 'skipped' | 'begins' | 'next'>) => void

const againMs = [500, 1_000, 2_000, 5_000] as const
/** The console tells of itself each second: a stream that says nothing for so long is dead, whatever the browser thinks. */
const silenceMs = 6_000

let wanted: Wanted = { filter: undefined, range: undefined }
let hearRows: HearRows = () => {}
let last: string | undefined
let current: AbortController | undefined

/** Listens for what this page wants from now on. A stream that wants the same goes on. */
export function listen(to: Wanted, rows: HearRows = () => {}): void {
  hearRows = rows
  const isSame = current !== undefined && to.filter === wanted.filter && to.range === wanted.range
  // Whoever shows rows anew needs the first page of them again.
  if (isSame && to.filter === undefined) return
  if (to.range !== wanted.range) numbers.value = undefined
  wanted = to
  last = undefined
  restart()
}

/** Goes on at once, rather than after the pause of a lost stream. */
export function restart(): void {
  current?.abort()
  current = undefined
  if (document.hidden) return
  current = new AbortController()
  void keepListening(current.signal)
}

// Browsers let a page have six connections to a server over HTTP/1.1, for all of its tabs together: one that nobody looks at has none.
document.addEventListener('visibilitychange', () => {
  if (document.hidden) link.value = { state: 'paused' }
  restart()
})
addEventListener('online', restart)

async function keepListening(ended: AbortSignal): Promise<void> {
  for (let failures = 0; !ended.aborted; failures++) {
    const why = await listenOnce(ended, () => (failures = 0)).catch((error: unknown) => error as Error)
    if (ended.aborted) return
    if (why instanceof Refusal && why.status < 500 && why.status !== 429) {
      link.value = { state: 'refused', why: why.message, status: why.status }
      return
    }
    link.value = { state: 'away', why: why?.message ?? 'the stream has ended' }
    await pause(againMs[Math.min(failures, againMs.length - 1)] ?? 5_000, ended)
  }
}

async function listenOnce(ended: AbortSignal, heard: () => void): Promise<Error | undefined> {
  const silent = new AbortController()
  let timer = setTimeout(() => silent.abort(), silenceMs)
  const signal = AbortSignal.any([ended, silent.signal])
  const response = await ask(`live?${queryOf(wanted)}`, {
    headers: { accept: 'text/event-stream', ...(last !== undefined && { 'last-event-id': last }) },
    signal,
    cache: 'no-store',
  })
  const parser = createParser({
    onEvent: ({ id, data }) => {
      last = id
      heard()
      clearTimeout(timer)
      timer = setTimeout(() => silent.abort(), silenceMs)
      hear(JSON.parse(data) as LiveFrame)
    },
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const read = await reader?.read()
    if (read === undefined || read.done) return new Error('the console has ended the stream')
    parser.feed(read.value)
  }
}

function hear(frame: LiveFrame): void {
  link.value = { state: 'live' }
  if (frame.system !== undefined) {
    serverClock(frame.system.at)
    system.value = frame.system
  }
  if (frame.window !== undefined) windowFacts.value = frame.window
  if (frame.numbers !== undefined) numbers.value = frame.numbers
  if (frame.rows !== undefined || frame.gone !== undefined || frame.begins !== undefined) hearRows(frame)
}

function queryOf({ filter, range }: Wanted): string {
  const query = new URLSearchParams()
  if (filter === undefined) query.set('rows', 'none')
  else if (filter !== '') query.set('filter', filter)
  if (range !== undefined) query.set('range', range)
  return query.toString()
}

function pause(ms: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    ended.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}
