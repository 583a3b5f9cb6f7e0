import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { FaultName, FaultsView, FaultTarget, TrialView } from '../../views/faults'
import { ask, getJson, postJson, Refusal } from './api'

export interface TrialAsked {
  readonly fault: FaultName
  readonly target: FaultTarget
  /** Of a poisoned message. */
  readonly body?: 'no JSON' | 'wrong shape'
}

interface Shown {
  readonly view: FaultsView | undefined
  readonly error: Error | undefined
}

const whileRunningMs = 400
const otherwiseMs = 4_000
const shown = signal<Shown>({ view: undefined, error: undefined })

export function isRunning({ state }: TrialView): boolean {
  return state === 'sending' || state === 'settling'
}

/** Looks again and again while the page is seen, more often while a trial is under way. */
export function useFaults(): Shown & { readonly again: () => void } {
  useEffect(() => {
    let ended = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const round = async () => {
      if (!document.hidden) await look()
      if (!ended) timer = setTimeout(() => void round(), running() === undefined ? otherwiseMs : whileRunningMs)
    }
    void round()
    return () => {
      ended = true
      clearTimeout(timer)
    }
  }, [])
  return { ...shown.value, again: () => void look() }
}

/** Answers with its id. Rejects with what is in the way. */
export async function startTrial(asked: TrialAsked): Promise<string> {
  const trial = (await (await postJson('faults/trials', asked)).json()) as TrialView
  keep(trial)
  return trial.id
}

export async function cancelTrial(id: string): Promise<void> {
  keep((await (await ask(`faults/trials/${id}`, { method: 'DELETE' })).json()) as TrialView)
}

function running(): TrialView | undefined {
  return shown.value.view?.trials.find(isRunning)
}

async function look(): Promise<void> {
  try {
    const current = running()
    if (current !== undefined) await lookAt(current)
    // While services are away, what can be done there is slow to learn.
    if (running() === undefined) shown.value = { view: await getJson<FaultsView>('faults'), error: undefined }
  } catch (error) {
    shown.value = { ...shown.value, error: error as Error }
  }
}

/** A console that was started again knows nothing of a trial that the one before had begun. */
async function lookAt({ id }: TrialView): Promise<void> {
  try {
    keep(await getJson<TrialView>(`faults/trials/${id}`))
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 404) throw error
    leaveOut(id)
  }
}

function leaveOut(gone: string): void {
  const { view } = shown.value
  if (view === undefined) return
  shown.value = { view: { ...view, trials: view.trials.filter(({ id }) => id !== gone) }, error: undefined }
}

function keep(trial: TrialView): void {
  const { view } = shown.value
  if (view === undefined) return
  const others = view.trials.filter(({ id }) => id !== trial.id)
  const trials = [...others, trial].sort((a, b) => b.startedAt - a.startedAt)
  shown.value = { view: { ...view, trials }, error: undefined }
}
