import type { RunningProcess, Stage } from '../stage'
import type { Posted } from './reminders'

export interface Reminded {
  readonly reminder: string
  readonly atMs: number
}

/** What was reminded of, in the order of the alphabet. */
export async function reminded({ rows }: Stage): Promise<readonly Reminded[]> {
  const found = await rows('select reminder, at_ms from reminded order by reminder')
  return found.map((row) => ({ reminder: String(row['reminder']), atMs: Number(row['at_ms']) }))
}

/** Those of the posted that were reminded of before they were due. */
export function early(posted: readonly Posted[], found: readonly Reminded[]): readonly string[] {
  const isEarly = ({ reminder, dueMs }: Posted) => found.some((each) => each.reminder === reminder && each.atMs < dueMs)
  return posted.filter(isEarly).map(({ reminder }) => reminder)
}

/** The mornings that have their digest. */
export async function digests({ rows }: Stage): Promise<readonly string[]> {
  return (await rows('select until from digests order by until')).map(({ until }) => String(until))
}

/** How many planned times these producers have fired, all together. */
export async function firedBy(producers: readonly RunningProcess[]): Promise<number> {
  const pages = await Promise.all(producers.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()))
  const fired = pages.map((page) => /^handoff_schedule_firings_total\{.*outcome="fired".*\} (\d+)$/m.exec(page)?.[1])
  return fired.reduce((sum, count = '0') => sum + Number(count), 0)
}
