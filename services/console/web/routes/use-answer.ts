import { useEffect, useState } from 'preact/hooks'
import { postJson, Refusal } from '../data/api'

export interface Answer<T> {
  readonly value?: T
  readonly error?: Error
}

const askAfterMs = 300
/** Whoever could not be asked is asked again by himself; what was judged is not. */
const againMs = 3_000

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
    let timer: ReturnType<typeof setTimeout>
    const ask = () =>
      postJson(path, body, ended.signal)
        .then((response) => response.json())
        .then(
          (value) => setAnswer({ value: value as T }),
          (error: unknown) => {
            if (ended.signal.aborted) return
            setAnswer({ error: error as Error })
            if (!isJudgement(error)) timer = setTimeout(() => void ask(), againMs)
          },
        )
    timer = setTimeout(() => void ask(), askAfterMs)
    return () => (clearTimeout(timer), ended.abort())
  }, [path, text, against])
  return answer
}

/** Whether what was asked is at fault, and not whoever was to answer. */
export function isJudgement(error: unknown): boolean {
  return error instanceof Refusal && [400, 403, 404, 422].includes(error.status)
}
