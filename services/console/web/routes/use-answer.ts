import { useEffect, useState } from 'preact/hooks'
import { postJson } from '../data/api'

export interface Answer<T> {
  readonly value?: T
  readonly error?: Error
}

const askAfterMs = 300

/**
 * What the console answers to a body, asked a moment after its last change; undefined asks nothing. What was there stays until
 * then. `against`: another one of what the answer depends on has it asked again.
 */
export function useAnswer<T>(path: string, body: object | undefined, against: string): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({})
  const text = JSON.stringify(body)
  useEffect(() => {
    if (body === undefined) return
    const ended = new AbortController()
    const timer = setTimeout(() => {
      postJson(path, body, ended.signal)
        .then((response) => response.json())
        .then(
          (value) => setAnswer({ value: value as T }),
          (error: unknown) => ended.signal.aborted || setAnswer({ error: error as Error }),
        )
    }, askAfterMs)
    return () => (clearTimeout(timer), ended.abort())
  }, [path, text, against])
  return answer
}
