import { useEffect, useMemo, useRef } from 'preact/hooks'
import { getJson } from '../api'
import { load, type Loading } from '../loaded'
import type { Looked } from './letters'
import { lettersChanged, works } from './works'

const againMs = [1_000, 2_000, 5_000, 15_000] as const

/**
 * Asks the console, and asks again after each change that this page has made; also while others hold some of the letters:
 * what was stopped is let go a moment later.
 */
export function useLetters<T extends object>(path: string): Loading<T> {
  const loading = useMemo(() => load(() => getJson<T>(path)), [path])
  const changes = lettersChanged.value
  const parts = useRef(0)
  const seen = useRef(changes)
  useEffect(() => {
    if (seen.current !== changes) loading.again()
    seen.current = changes
  }, [changes])
  const now = loading.loaded.value
  useEffect(() => {
    const isPart = now.state === 'here' && isPartOf(now.value)
    if (!isPart) parts.current = 0
    // While something of ours runs, its end tells when.
    if (!isPart || works.value.some(({ state }) => state === 'running')) return
    const timer = setTimeout(loading.again, againMs[Math.min(parts.current++, againMs.length - 1)])
    return () => clearTimeout(timer)
  }, [now])
  return loading
}

function isPartOf(answer: object | Looked): boolean {
  return 'seen' in answer && answer.seen === 'in part'
}
