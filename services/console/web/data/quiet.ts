import { useEffect } from 'preact/hooks'
import { listen } from './live'

/** For a page that shows neither messages nor numbers: what is said of the services still comes. */
export function useQuietStream(): void {
  useEffect(() => listen({ filter: undefined, range: undefined }), [])
}
