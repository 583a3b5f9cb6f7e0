import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { Connection } from '../../../shared/store/sqlite/connection'
import { GroupCommit } from '../../../shared/store/sqlite/group-commit'
import { LogSync } from '../../../shared/store/sqlite/log-sync'
import { Writer } from '../../../shared/store/sqlite/writer'
import type { BenchSpool } from './bench-spool'

const table =
  'create table spool (seq integer primary key, lane text not null, crc integer not null, bytes blob not null)'
const insert = 'insert into spool (lane, crc, bytes) values ($1, $2, $3)'

/** A table in SQLite's write-ahead log, with the group commit and the flush of Handoff's own store. */
export const sqliteTable: BenchSpool = {
  name: 'a SQLite table',
  open: async (folder) => {
    const path = join(folder, 'spool.sqlite')
    const connection = new Connection(path, 'write')
    connection.asStore(() => connection.all('PRAGMA journal_mode = WAL'))
    connection.control('PRAGMA synchronous = NORMAL')
    const writer = new Writer(connection, path, new LogSync(path))
    connection.script(table)
    const commits = new GroupCommit(writer)
    const reader = new Connection(path, 'read')
    const store = async (bytes: Buffer) => {
      const seq = await commits.submit(() => {
        connection.run(insert, ['type order.placed', crc32(bytes), bytes])
        return connection.all('select last_insert_rowid() as seq')[0]?.['seq'] ?? 0
      })
      return () => {
        reader.all('select bytes from spool where seq = $1', [seq])
        return commits.submit(() => connection.run('delete from spool where seq = $1', [seq]))
      }
    }
    const close = () => writer.close(() => reader.close())
    return Promise.resolve({ store, close })
  },
}
