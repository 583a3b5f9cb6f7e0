/** Lets nothing else run in this process for so long, as when a busy machine gives it no processor. */
export function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
