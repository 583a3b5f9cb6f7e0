import { signal } from '@preact/signals'
import type { Work } from './work'

export const works = signal<readonly Work[]>([])

/** Counted up when letters may lie otherwise than before: whoever shows them reads them again. */
export const lettersChanged = signal(0)

let latest = 0
/** So many that have ended are still shown. */
const mostEnded = 4

/** A work that is shown from now on; the function changes what is shown of it. */
export function beginWork(first: Omit<Work, 'number' | 'state'>): (change: Partial<Work>) => void {
  const number = ++latest
  const tooOld = works.value.filter(({ state }) => state !== 'running').slice(mostEnded)
  works.value = [{ ...first, number, state: 'running' }, ...works.value.filter((work) => !tooOld.includes(work))]
  return (change) => {
    const ended = change.state !== undefined && change.state !== 'running'
    works.value = works.value.map((work) =>
      work.number === number ? { ...work, ...change, ...(ended && { stop: undefined }) } : work,
    )
    if (ended) lettersChanged.value++
  }
}

export function forgetWork(number: number): void {
  works.value = works.value.filter((work) => work.number !== number)
}

/** Whoever closes the tab ends what runs, between two letters. */
addEventListener('beforeunload', (event) => {
  if (works.value.some(({ state }) => state === 'running')) event.preventDefault()
})
