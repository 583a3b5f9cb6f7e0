import type { BlockedKeys } from '../blocked-keys'
import {
  blockingParams,
  blockKey,
  countKeys,
  findFirst,
  freeKey,
  keyParams,
  replaceBlocking,
  toBlocking,
  toCount,
} from '../blocked-statements'
import type { SqliteTables } from './sqlite-tables'

/** The table of blocked keys in a SQLite file. */
export function sqliteBlockedKeys({ writer: { connection }, commits, query }: SqliteTables): BlockedKeys {
  return {
    first: async (of) => toBlocking((await query(findFirst, keyParams(of)))[0]),
    block: (of, by) =>
      commits.submit(() => {
        for (const each of by) connection.run(blockKey, blockingParams(of, each))
      }),
    free: (of, from) => commits.submit(() => void connection.run(freeKey, blockingParams(of, from))),
    replace: (of, from, by) =>
      commits.submit(() => void connection.run(replaceBlocking, [...blockingParams(of, from), by.source, by.id])),
    counts: async () => (await query(countKeys)).map(toCount),
  }
}
