import { useEffect, useState } from 'preact/hooks'
import { checkData, type Wrong } from './check-data'

const checkAfterMs = 250

/** What the server finds wrong with data of this type, by pointer; asked a moment after the last change. What was found before stays until then. */
export function useVerdict(type: string, json: string): ReadonlyMap<string, string> {
  const [errors, setErrors] = useState<ReadonlyMap<string, string>>(new Map())
  useEffect(() => {
    const ended = new AbortController()
    const timer = setTimeout(() => {
      // Whoever cannot be asked now is asked again with the next change, and by the sending itself.
      checkData(type, json, ended.signal).then(
        (wrongs) => setErrors(byPointer(wrongs)),
        () => {},
      )
    }, checkAfterMs)
    return () => {
      clearTimeout(timer)
      ended.abort()
    }
  }, [type, json])
  return errors
}

function byPointer(wrongs: readonly Wrong[]): ReadonlyMap<string, string> {
  return new Map(wrongs.map(({ pointer, detail }) => [pointer, detail]))
}
