import type { Stage } from '../stage'

/** The ids of all quotes that were made, in their order. */
export async function quoted({ rows }: Stage): Promise<readonly string[]> {
  const found = await rows('select quote_id from quotes order by quote_id')
  return found.map((row) => String(row['quote_id']))
}
