/**
 * What Node is given for a service.
 *
 * A young generation of 16 MiB twice: by itself it grows to four times that under load, and a service to half as much
 * memory again, for no measurable gain (docs/performance.md).
 *
 * No pretenuring: while V8 warms up, its young generation is smaller than what fifty requests hold, and so it may conclude
 * that Node's lists of event listeners live long. It then makes each in the old generation, where nothing is freed
 * before a full collection, and each keeps its request there: memory goes up and down by 100 MiB, and a fifth of the
 * CPU time goes into copying what is dead.
 *
 * One thread for young collections: what lives then is little, and waking helpers for it costs more than they bring, above
 * all where broker and services share two cores.
 */
export const serviceArguments: readonly string[] = [
  '--enable-source-maps',
  '--max-semi-space-size=16',
  '--no-allocation-site-pretenuring',
  '--no-parallel-scavenge',
]
