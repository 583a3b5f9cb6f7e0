import type { Pool } from 'pg'
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
import { send } from './send'

/** The table of blocked keys in a PostgreSQL database. */
export function postgresBlockedKeys(pool: Pool): BlockedKeys {
  return {
    first: async (of) => toInTheWay((await send(pool, findFirst, keyParams(of))).rows[0]),
    block: async (of, by) => {
      // Positions are given in the order of the statements; with the first alone, what it stands for goes first all the same.
      for (const each of by) {
        await send(pool, takeBackPlace, blockParams(of, each))
        await send(pool, blockKey, blockParams(of, each))
      }
    },
    free: async (of, from) => void (await send(pool, freeKey, freeParams(of, from))),
    replace: async (of, from, by) => void (await send(pool, replaceBlocking, replaceParams(of, from, by))),
    counts: async () => (await send(pool, countKeys)).rows.map(toCount),
  }
}
