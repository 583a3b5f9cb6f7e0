import { ask, Refusal } from './api'
import type { Progress, SendState } from './send-state'

export interface Parcel {
  readonly type: string
  readonly headers: Readonly<Record<string, string>>
  /** Extension attributes; with one of them it goes as an event with an id of its own. */
  readonly attributes: Readonly<Record<string, string>>
  /** The data as JSON. */
  readonly body: string
}

/** What the producer said. */
interface Sent {
  readonly id?: string
  readonly outcome: string
}

const atOnce = 8
const mostIds = 20

/** Sends one. Rejects with a Refusal where the producer says no. */
async function sendOne(parcel: Parcel): Promise<Sent> {
  const { type, headers, attributes } = parcel
  const isEvent = Object.keys(attributes).length > 0
  const response = await ask(isEvent ? 'messages' : `messages/${encodeURIComponent(type)}`, {
    method: 'POST',
    headers: { 'content-type': isEvent ? 'application/cloudevents+json' : 'application/json', ...headers },
    body: isEvent ? eventOf(parcel) : parcel.body,
  })
  return (await response.json()) as Sent
}

/** The data as it is written: read and written again, a long number would be another. */
function eventOf({ type, attributes, body }: Parcel): string {
  const own = { specversion: '1.0', id: newId(), source: '/console', type, datacontenttype: 'application/json' }
  return `${JSON.stringify({ ...attributes, ...own }).slice(0, -1)},"data":${body}}`
}

// randomUUID is there on pages of this machine and of https alone.
function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Sends one after the other, eight at once, until all are sent or the signal aborts; tells how far it is. */
async function sendMany(
  parcels: readonly Parcel[],
  { signal, tell }: { readonly signal: AbortSignal; readonly tell: (progress: Progress) => void },
): Promise<Progress> {
  let progress: Progress = { done: 0, all: parcels.length, outcomes: {}, refusal: undefined, ids: [] }
  const waiting = [...parcels]
  const lane = async () => {
    for (let parcel = waiting.shift(); parcel !== undefined && !signal.aborted; parcel = waiting.shift()) {
      progress = counted(progress, await sendOne(parcel).catch((error: unknown) => error as Error))
      tell(progress)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, parcels.length) }, lane))
  return progress
}

function counted(before: Progress, sent: Sent | Error): Progress {
  const outcome = sent instanceof Error ? outcomeOf(sent) : sent.outcome
  const id = sent instanceof Error ? undefined : sent.id
  return {
    ...before,
    done: before.done + 1,
    outcomes: { ...before.outcomes, [outcome]: (before.outcomes[outcome] ?? 0) + 1 },
    refusal: before.refusal ?? (sent instanceof Error ? sent.message : undefined),
    ids: id === undefined || before.ids.length >= mostIds ? before.ids : [...before.ids, id],
  }
}

function outcomeOf(error: Error): string {
  const { outcome } = error instanceof Refusal ? error.problem : {}
  return typeof outcome === 'string' ? outcome : 'refused'
}

/** Sends them, and tells how far it is and what came of it. Never rejects. */
export async function deliver(parcels: readonly Parcel[], tell: (state: SendState) => void): Promise<void> {
  const ended = new AbortController()
  const stop = () => ended.abort()
  tell({ kind: 'sending', progress: undefined, stop })
  const [only] = parcels
  if (parcels.length !== 1 || only === undefined) {
    const told = (progress: Progress) => tell({ kind: 'sending', progress, stop })
    return tell({ kind: 'many', progress: await sendMany(parcels, { signal: ended.signal, tell: told }) })
  }
  try {
    const { id = '', outcome } = await sendOne(only)
    tell({ kind: 'one', id, outcome })
  } catch (error) {
    tell({ kind: 'refused', error: error as Error })
  }
}
