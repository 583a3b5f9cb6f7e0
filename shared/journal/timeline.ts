import type { ToldStep } from './step'

/** Steps as callers are shown them: `at` in RFC 3339, and the facts of each beside it. */
export function timelineOf(steps: readonly ToldStep[]): readonly object[] {
  return steps.map(toTimeline)
}

function toTimeline({ kind, at, group, attempt, replays, facts }: ToldStep): object {
  const step = {
    step: kind,
    at: new Date(at).toISOString(),
    ...(group !== undefined && { group }),
    ...(attempt !== undefined && { attempt }),
    ...(replays !== undefined && replays > 0 && { replays }),
  }
  // Twice: first for their place in the text, and last since facts are whatever somebody has told.
  return { ...step, ...facts, ...step }
}
