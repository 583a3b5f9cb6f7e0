import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { getJson } from './api'

export interface Watched<T> {
  /** The last that was seen; it stays while the console is away. */
  readonly view: T | undefined
  readonly error: Error | undefined
  readonly again: () => void
}

/** A hook that looks again and again while the page is seen. What was seen last is there at once when somebody comes back. */
export function watched<T>(path: string, everyMs: number): () => Watched<T> {
  const shown = signal<Omit<Watched<T>, 'again'>>({ view: undefined, error: undefined })
  const look = async () => {
    try {
      shown.value = { view: await getJson<T>(path), error: undefined }
    } catch (error) {
      shown.value = { view: shown.value.view, error: error as Error }
    }
  }
  return () => {
    useEffect(() => {
      void look()
      const timer = setInterval(() => {
        if (!document.hidden) void look()
      }, everyMs)
      return () => clearInterval(timer)
    }, [])
    return { ...shown.value, again: () => void look() }
  }
}
