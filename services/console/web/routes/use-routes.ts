import { signal } from '@preact/signals'
import type { RoutesView } from '../../views/routes'
import { watched } from '../data/watched'

/** What somebody writes in place of the rules in effect; it stays while he goes from page to page. Undefined for nothing. */
export const draft = signal<string | undefined>(undefined)

/** The file may change at any time. */
export const useRoutes = watched<RoutesView>('routes', 3_000)
