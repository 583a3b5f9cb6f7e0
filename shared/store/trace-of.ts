import type { Row, Trace } from './store'

export function traceOf(row: Row | undefined): Trace {
  const parkedAs = row?.['parked_as']
  return { starts: Number(row?.['starts'] ?? 0), parkedAs: typeof parkedAs === 'string' ? parkedAs : undefined }
}
