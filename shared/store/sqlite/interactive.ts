import { failpoint } from '../../runtime/failpoints'
import type { Applied, InboxKey, Transaction } from '../store'
import { lend } from '../lend'
import { inboxParams, markDone } from '../portable-statements'
import type { Writer } from './writer'

/** Runs `work` in a transaction of its own; every other write waits until it is committed. */
export async function interactive(
  writer: Writer,
  key: InboxKey,
  work: (transaction: Transaction) => Promise<void>,
): Promise<Applied> {
  const applied = await writer.transaction(() => workOnce(writer, key, work))
  await writer.flushed()
  return applied
}

async function workOnce(
  { connection }: Writer,
  key: InboxKey,
  work: (transaction: Transaction) => Promise<void>,
): Promise<Applied> {
  if (connection.run(markDone, inboxParams(key)) === 0) return 'duplicate'
  await lend(
    {
      run: (sql, params) => Promise.resolve().then(() => void connection.run(sql, params)),
      query: (sql, params) => Promise.resolve().then(() => connection.all(sql, params)),
    },
    work,
  )
  failpoint('store.transaction-open')
  return 'applied'
}
