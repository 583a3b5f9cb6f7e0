import { useEffect, useState } from 'preact/hooks'
import { postJson } from './api'

const checkAfterMs = 250

interface Finding {
  readonly pointer: string
  readonly detail: string
}

/** What the server finds wrong with data of this type, by pointer; asked a moment after the last change. */
export function useVerdict(type: string, data: unknown): ReadonlyMap<string, string> {
  const [errors, setErrors] = useState<ReadonlyMap<string, string>>(new Map())
  useEffect(() => {
    const ended = new AbortController()
    const timer = setTimeout(() => {
      // Whoever cannot be asked now is asked again with the next change, and by the sending itself.
      checked(type, data, ended.signal).then(setErrors, () => {})
    }, checkAfterMs)
    return () => {
      clearTimeout(timer)
      ended.abort()
    }
  }, [type, data])
  return errors
}

async function checked(type: string, data: unknown, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const response = await postJson(`contracts/${encodeURIComponent(type)}/check`, data, signal)
  const { errors } = (await response.json()) as { readonly errors: readonly Finding[] }
  return new Map(errors.map(({ pointer, detail }) => [pointer, detail]))
}
