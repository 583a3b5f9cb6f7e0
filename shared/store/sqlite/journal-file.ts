import { existsSync } from 'node:fs'
import { join, parse } from 'node:path'
import { OpenedOnce } from '../../runtime/opened-once'
import { journalBehind } from '../journal-behind'
import type { JournalTable } from '../journal-table'
import { readMigrations } from '../migration-files'
import { StoreUnavailable } from '../store'
import { openFile, type OpenedFile } from './open-file'
import { whenNotBusy } from './patience'
import { sqliteJournal } from './sqlite-journal'

const readPatienceMs = 2_000
/** 32 MiB: the same pages of an index are written again and again, and so come into the file once for many times. */
const checkpointPages = 8_000

/** Where the journal of a store lies: `app.journal.sqlite` beside `app.sqlite`. */
export function journalFileOf(storeFile: string): string {
  const { dir, name, ext } = parse(storeFile)
  return join(dir, `${name}.journal${ext}`)
}

/**
 * The journal of a store, in a file of its own: SQLite lets one write to a file at a time, and who puts thousands of rows
 * into this one must not keep a request from its row in the other. Opened when it is first needed.
 */
export class JournalFile {
  readonly table: JournalTable
  readonly #file: OpenedOnce<OpenedFile>

  constructor(storeFile: string) {
    const file = journalFileOf(storeFile)
    this.#file = new OpenedOnce(() => open(file))
    const table = journalBehind(async () => tableIn(await this.#file.get()))
    const clean: JournalTable['clean'] = (ageSeconds, signal) =>
      existsSync(file) ? table.clean(ageSeconds, signal) : Promise.resolve(0)
    this.table = { ...table, clean }
  }

  close(): Promise<void> {
    return this.#file.close(({ reader, writer }) => writer.close(() => reader.close()))
  }
}

async function open(file: string): Promise<OpenedFile> {
  const migrations = await readMigrations([join(__dirname, 'journal')])
  try {
    return await openFile(file, { migrations, checkpointPages })
  } catch (cause) {
    const message = `The journal's file ${file} cannot be used: ${(cause as Error).message}`
    throw new StoreUnavailable(`${message}; deleted while nobody uses it, it is filled from the broker again`, {
      cause,
    })
  }
}

function tableIn({ reader, writer }: OpenedFile): JournalTable {
  return sqliteJournal(writer, (sql, params) => whenNotBusy(readPatienceMs, () => reader.all(sql, params)))
}
