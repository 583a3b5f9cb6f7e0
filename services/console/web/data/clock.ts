import { signal } from '@preact/signals'

let aheadMs = 0

/** The console's time, each second: ages are told by its clock, which may differ from the browser's. */
export const now = signal(Date.now())

/** Called with the console's time when it tells it. */
export function serverClock(at: number): void {
  aheadMs = at - Date.now()
  now.value = at
}

setInterval(() => {
  now.value = Date.now() + aheadMs
}, 1_000)
