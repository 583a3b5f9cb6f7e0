/** Milliseconds on the clock that all processes of this machine share (CLOCK_MONOTONIC), unlike `performance.now()`. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
