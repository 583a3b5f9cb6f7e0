const freshForMs = 1_000

/**
 * Makes a write that tells whether the database takes any, at most one at a time and, while they succeed, one a second,
 * however many ask: readiness is open to everybody.
 */
export function heartbeat(write: () => Promise<void>): () => Promise<void> {
  let beating: Promise<void> | undefined
  let succeededAt = -Infinity
  const beat = async () => {
    try {
      await write()
      succeededAt = performance.now()
    } finally {
      beating = undefined
    }
  }
  return () => {
    if (performance.now() - succeededAt < freshForMs) return Promise.resolve()
    return (beating ??= beat())
  }
}
