/**
 * Says on standard error that something long goes on: one line at the start and one at the end, and on a terminal the
 * elapsed seconds in between.
 */
export function startProgress(what) {
  const startedAt = Date.now()
  const elapsed = () => `${Math.round((Date.now() - startedAt) / 1000)} s`
  const terminal = process.stderr.isTTY
  process.stderr.write(terminal ? `handoff: ${what} …` : `handoff: ${what} …\n`)
  const ticking = terminal && setInterval(() => process.stderr.write(`\r\u001b[Khandoff: ${what} … ${elapsed()}`), 1000)
  return {
    /** `outcome` is put behind what was said at the start, with the time it took. */
    end(outcome) {
      if (ticking) clearInterval(ticking)
      process.stderr.write(`${terminal ? '\r\u001b[K' : ''}handoff: ${what}: ${outcome} after ${elapsed()}\n`)
    },
  }
}
