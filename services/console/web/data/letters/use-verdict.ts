import { useEffect, useState } from 'preact/hooks'
import { checkData, type Wrong } from '../check-data'
import { isJson } from '../json-text'

const checkAfterMs = 250

/** What is wrong with the data; undefined while the console is asked. */
export function useVerdict(type: string, data: string): readonly Wrong[] | undefined {
  const [verdict, setVerdict] = useState<{ readonly data: string; readonly wrongs: readonly Wrong[] } | undefined>(
    undefined,
  )
  useEffect(() => {
    const tell = (wrongs: readonly Wrong[]) => setVerdict({ data, wrongs })
    if (!isJson(data)) return tell([{ pointer: '', detail: whyNoJson(data) }])
    const ended = new AbortController()
    const timer = setTimeout(() => {
      checkData(type, data, ended.signal).then(tell, (error: Error) => {
        if (error.name !== 'AbortError') tell([{ pointer: '', detail: error.message }])
      })
    }, checkAfterMs)
    return () => {
      clearTimeout(timer)
      ended.abort()
    }
  }, [type, data])
  return verdict?.data === data ? verdict.wrongs : undefined
}

function whyNoJson(text: string): string {
  try {
    JSON.parse(text)
    return ''
  } catch (error) {
    return `is no JSON: ${(error as Error).message}`
  }
}
