import type { TrialGap } from '../views/faults'

/**
 * The longest time between two, among those that end after `afterMs`; undefined where there are none. What has not come yet
 * counts up to `untilMs`.
 */
export function longestGap(
  times: readonly number[],
  { afterMs, untilMs }: { readonly afterMs: number; readonly untilMs: number },
): TrialGap | undefined {
  const sorted = [...times].sort((a, b) => a - b)
  let longest: TrialGap | undefined
  for (const [at, fromMs] of sorted.entries()) {
    const toMs = sorted[at + 1] ?? untilMs
    if (toMs <= afterMs) continue
    if (longest === undefined || toMs - fromMs > longest.ms) longest = { ms: toMs - fromMs, fromMs }
  }
  return longest
}

/** How many of the times lie in each span, from 0 up to `untilMs`. */
export function inSpans(
  times: readonly number[],
  { spanMs, untilMs }: { readonly spanMs: number; readonly untilMs: number },
): readonly number[] {
  const spans = Array.from({ length: Math.max(1, Math.ceil(untilMs / spanMs)) }, () => 0)
  for (const time of times) {
    // A step is timed by another process: a moment before the start is the start.
    const at = Math.min(spans.length - 1, Math.max(0, Math.floor(time / spanMs)))
    spans[at] = (spans[at] ?? 0) + 1
  }
  return spans
}
