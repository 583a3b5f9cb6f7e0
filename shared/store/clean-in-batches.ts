import { failpoint } from '../runtime/failpoints'

/** Rows per delete: small enough that no writer waits long for it. */
export const rowsPerBatch = 500

/** Repeats a delete of at most {@link rowsPerBatch} rows until little is left or the signal aborts; answers with the number of rows. */
export async function cleanInBatches(deleteBatch: () => Promise<number>, signal: AbortSignal): Promise<number> {
  let total = 0
  while (!signal.aborted) {
    const deleted = await deleteBatch()
    total += deleted
    failpoint('store.cleaned')
    if (deleted < rowsPerBatch) break
  }
  return total
}
