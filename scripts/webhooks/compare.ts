import type { Store } from '../../shared/store/store'
import type { WebhookExample } from './examples'

/** What the store holds of a run, compared with what was sent. Sound when the three lists are empty. */
export interface Comparison {
  readonly found: number
  readonly missing: readonly string[]
  readonly repeated: readonly string[]
  readonly changed: readonly string[]
}

const rowsOfRun = "select event, delivery_id, payload from webhooks where delivery_id like $1 || '/%'"

/** Whether each example has exactly one row, with equal content. */
export async function compareWebhooks(
  store: Pick<Store, 'query'>,
  run: string,
  examples: readonly WebhookExample[],
): Promise<Comparison> {
  const rows = await store.query(rowsOfRun, [run])
  const rowsById = Map.groupBy(rows, (row) => String(row['delivery_id']))
  const ids = (wrong: (example: WebhookExample) => boolean) =>
    examples.filter(wrong).map(({ deliveryId }) => deliveryId)
  return {
    found: rows.length,
    missing: ids(({ deliveryId }) => !rowsById.has(deliveryId)),
    repeated: ids(({ deliveryId }) => (rowsById.get(deliveryId)?.length ?? 0) > 1),
    changed: ids(({ deliveryId, event, payload }) => {
      const row = rowsById.get(deliveryId)?.[0]
      return row !== undefined && (row['event'] !== event || row['payload'] !== JSON.stringify(payload))
    }),
  }
}
