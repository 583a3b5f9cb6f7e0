/** Whether the whole counts are run (`npm run test:long`) or a sample of them (`npm test`). */
export const isLongRun = process.env['HANDOFF_TEST_LONG'] === 'true'

/** A number of repetitions, seeds or messages: the sample, or the whole in a long run. */
export function howMany({ sampled, long }: { readonly sampled: number; readonly long: number }): number {
  return isLongRun ? long : sampled
}
