import { useEffect, useState } from 'preact/hooks'
import type { ContentView } from '../../views/content'
import { getJson } from './api'
import type { Status } from './status'

/** It is told with the steps or soon after them. */
const againMs = 700
const mostTries = 4

/** What a message carried, as far as the console knows; undefined while it is asked, and where it cannot be. */
export function useContent({ id, source }: Pick<Status, 'id' | 'source'>): ContentView | undefined {
  const [content, setContent] = useState<ContentView | undefined>(undefined)
  useEffect(() => {
    const ended = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = (tries: number) =>
      contentOf({ id, source }, ended.signal).then(
        (found) => {
          setContent(found)
          if (found.state === 'unknown' && tries < mostTries) timer = setTimeout(() => void ask(tries + 1), againMs)
        },
        () => {},
      )
    setContent(undefined)
    void ask(1)
    return () => {
      clearTimeout(timer)
      ended.abort()
    }
  }, [id, source])
  return content
}

export function contentOf({ id, source }: Pick<Status, 'id' | 'source'>, signal?: AbortSignal): Promise<ContentView> {
  return getJson<ContentView>(`messages/${encodeURIComponent(id)}/content?source=${encodeURIComponent(source)}`, signal)
}
