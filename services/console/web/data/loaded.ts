import { signal, type ReadonlySignal } from '@preact/signals'

/** What is asked for once, and asked again when somebody says so. */
export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'here'; readonly value: T }
  | { readonly state: 'failed'; readonly error: Error }

export interface Loading<T> {
  readonly loaded: ReadonlySignal<Loaded<T>>
  /** Keeps what is there until the answer comes. */
  readonly again: () => void
}

export function load<T>(ask: () => Promise<T>): Loading<T> {
  const loaded = signal<Loaded<T>>({ state: 'loading' })
  let latest = 0
  const again = () => {
    const mine = ++latest
    ask().then(
      (value) => {
        if (mine === latest) loaded.value = { state: 'here', value }
      },
      (error: unknown) => {
        if (mine === latest) loaded.value = { state: 'failed', error: error as Error }
      },
    )
  }
  again()
  return { loaded, again }
}
