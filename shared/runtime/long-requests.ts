import type { IncomingMessage } from 'node:http'

const long = new WeakSet<IncomingMessage>()

/** Lifts the limit on how long a request may take to arrive: its route reads it as a stream, and minds its pace itself. */
export function mayArriveSlowly(request: IncomingMessage): void {
  long.add(request)
}

export function arrivesSlowly(request: IncomingMessage): boolean {
  return long.has(request)
}
