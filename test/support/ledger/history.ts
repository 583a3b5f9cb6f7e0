import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Attempt } from '../../../shared/verification/attempt'
import { atEnd } from '../ends'
import { hashOf, type Kind } from './kinds'

export interface Answered extends Pick<Attempt, 'subject' | 'status' | 'outcome' | 'id' | 'sentAt'> {
  readonly body: string
}

/** A file with one line for each attempt, each on disk before the next step is taken. */
export class History {
  readonly #path: string
  readonly #file: number

  private constructor(path: string) {
    this.#path = path
    this.#file = openSync(path, 'a')
    atEnd(() => closeSync(this.#file))
  }

  static async start(): Promise<History> {
    const folder = await mkdtemp(join(tmpdir(), 'handoff-ledger-'))
    atEnd(() => rm(folder, { recursive: true, force: true }))
    return new History(join(folder, 'history.ndjson'))
  }

  write({ effects }: Kind, { body, ...seen }: Answered): void {
    const expected = Object.fromEntries(
      Object.entries(effects).map(([group, facts]) => [group, hashOf(facts(seen.subject))]),
    )
    const attempt: Attempt = { ...seen, bodyHash: hashOf(body), expected, answeredAt: new Date().toISOString() }
    writeSync(this.#file, `${JSON.stringify(attempt)}\n`)
    fsyncSync(this.#file)
  }

  read(): readonly Attempt[] {
    const lines = readFileSync(this.#path, 'utf8').split('\n')
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Attempt)
  }
}
