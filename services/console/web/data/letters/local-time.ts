import { dayAndTime } from '../format'

/** A moment as an input of the browser shows it, by its clock zone; empty for none. */
export function localTime(moment: string | undefined): string {
  const at = Date.parse(moment ?? '')
  return Number.isNaN(at) ? '' : dayAndTime(at).replace(' ', 'T')
}

/** What such an input says, as RFC 3339. */
export function momentOf(local: string): string {
  return new Date(local).toISOString()
}
