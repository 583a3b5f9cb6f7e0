import { ask, Refusal } from './api'
import type { Progress, SendState } from './send-state'

export interface Parcel {
  readonly type: string
  readonly headers: Readonly<Record<string, string>>
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
async function sendOne({ type, headers, body }: Parcel): Promise<Sent> {
  const response = await ask(`messages/${encodeURIComponent(type)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  return (await response.json()) as Sent
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
