import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ErrorBanner } from './banner'

/** A page whose code is asked for when somebody goes there: the first load stays small. */
export function later<Props extends object>(ask: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let known: ComponentType<Props> | undefined
  return function Later(props: Props) {
    const [Shown, show] = useState(() => known)
    const [error, fail] = useState<Error | undefined>(undefined)
    useEffect(() => {
      if (known === undefined) ask().then((page) => show(() => (known = page)), fail)
    }, [])
    // After an update of the console the old code is gone: the whole page has to come anew.
    if (error !== undefined) return <ErrorBanner error={error} again={() => location.reload()} />
    return Shown === undefined ? <p class="hint">Reading…</p> : <Shown {...props} />
  }
}
