import { optionalText } from './optional-text'
import type { Row, Trace } from './store'

export function traceOf(row: Row | undefined): Trace {
  return {
    starts: Number(row?.['starts'] ?? 0),
    parkedAs: optionalText(row?.['parked_as']),
    endedAs: optionalText(row?.['ended_as']) as Trace['endedAs'],
  }
}
