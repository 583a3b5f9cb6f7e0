import type { Pool, PoolClient } from 'pg'
import { StoreUnavailable } from '../store'
import { isContention, isMisfit, postgresFailure } from './postgres-errors'
import { send } from './send'

/** Commits what `work` did, or rolls it back when `work` rejects. The connection goes back to the pool only if it is sound. */
export async function inTransaction<T>(
  pool: Pool,
  begin: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await connected(pool)
  try {
    await send(client, begin)
    const result = await work(client)
    await commit(client)
    client.release()
    return result
  } catch (error) {
    client.release(await undo(client, error))
    throw error
  }
}

async function connected(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw postgresFailure(error)
  }
}

/** After a failed statement PostgreSQL answers COMMIT with a rollback and calls that a success. */
async function commit(client: PoolClient): Promise<void> {
  const { command } = await send(client, 'COMMIT')
  if (command !== 'COMMIT') throw new Error('The transaction was rolled back: one of its statements had failed')
}

/**
 * Answers with what is wrong with the connection, which makes the pool drop it. One that gave no answer in time is
 * dropped without a ROLLBACK, which would wait behind the statement that hangs; and so is one that may have kept a
 * statement from before a migration.
 */
async function undo(client: PoolClient, error: unknown): Promise<Error | undefined> {
  if (error instanceof StoreUnavailable && !isContention(error)) return error
  if (isMisfit(error)) return error as Error
  try {
    await send(client, 'ROLLBACK')
    return undefined
  } catch (failure) {
    return failure as Error
  }
}
