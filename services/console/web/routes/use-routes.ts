import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { RoutesView } from '../../views/routes'
import { getJson } from '../data/api'

interface Shown {
  /** The last that was seen; it stays while the console is away. */
  readonly view: RoutesView | undefined
  readonly error: Error | undefined
}

const everyMs = 3_000
const routes = signal<Shown>({ view: undefined, error: undefined })

/** What somebody writes in place of the rules in effect; it stays while he goes from page to page. Undefined for nothing. */
export const draft = signal<string | undefined>(undefined)

/** Looks again and again while the page is seen: the file may change at any time. */
export function useRoutes(): Shown & { readonly again: () => void } {
  useEffect(() => {
    void look()
    const timer = setInterval(() => {
      if (!document.hidden) void look()
    }, everyMs)
    return () => clearInterval(timer)
  }, [])
  return { ...routes.value, again: () => void look() }
}

async function look(): Promise<void> {
  try {
    routes.value = { view: await getJson<RoutesView>('routes'), error: undefined }
  } catch (error) {
    routes.value = { view: routes.value.view, error: error as Error }
  }
}
