/**
 * Loaded before a contestant, with `--expose-gc`: at SIGUSR2 it collects all garbage and tells its parent how many bytes
 * are left, in the heap and outside it. Only what is kept for good can make these grow from one time to the next.
 */
'use strict'

process.on('SIGUSR2', () => {
  // What a first collection finalizes is freed by a second one.
  globalThis.gc()
  setImmediate(() => {
    globalThis.gc()
    const { heapUsed, external } = process.memoryUsage()
    process.send({ keptBytes: heapUsed + external })
  })
})
