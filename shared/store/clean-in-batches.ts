/** Rows per delete: small enough that no writer waits long for it. */
export const rowsPerBatch = 500

/** Repeats a delete of at most {@link rowsPerBatch} rows until little is left; answers with the number of rows. */
export async function cleanInBatches(deleteBatch: () => Promise<number>): Promise<number> {
  let total = 0
  for (;;) {
    const deleted = await deleteBatch()
    total += deleted
    if (deleted < rowsPerBatch) return total
  }
}
