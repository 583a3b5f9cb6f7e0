import { useEffect, useMemo, useRef } from 'preact/hooks'
import { getJson } from '../api'
import { load, type Loading } from '../loaded'
import { lettersChanged } from './works'

/** Asks the console, and asks again after each change that this page has made. */
export function useLetters<T>(path: string): Loading<T> {
  const loading = useMemo(() => load(() => getJson<T>(path)), [path])
  const changes = lettersChanged.value
  const seen = useRef(changes)
  useEffect(() => {
    if (seen.current !== changes) loading.again()
    seen.current = changes
  }, [changes])
  return loading
}
