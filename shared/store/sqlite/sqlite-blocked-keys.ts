import type { BlockedKeys } from '../blocked-keys'
import {
  blockKey,
  blockParams,
  countKeys,
  findFirst,
  freeKey,
  freeParams,
  keyParams,
  replaceBlocking,
  replaceParams,
  takeBackPlace,
  toCount,
  toInTheWay,
} from '../blocked-statements'
import type { SqliteTables } from './sqlite-tables'

/** The table of blocked keys in a SQLite file. */
export function sqliteBlockedKeys({ writer: { connection }, commits, query }: SqliteTables): BlockedKeys {
  return {
    first: async (of) => toInTheWay((await query(findFirst, keyParams(of)))[0]),
    block: (of, by) =>
      commits.submit(() => {
        for (const each of by) {
          connection.run(takeBackPlace, blockParams(of, each))
          connection.run(blockKey, blockParams(of, each))
        }
      }),
    free: (of, from) => commits.submit(() => void connection.run(freeKey, freeParams(of, from))),
    replace: (of, from, by) => commits.submit(() => void connection.run(replaceBlocking, replaceParams(of, from, by))),
    counts: async () => (await query(countKeys)).map(toCount),
  }
}
