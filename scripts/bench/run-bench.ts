import { mkdtemp, rm } from 'node:fs/promises'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildDist } from '../build/build-dist'
import { stopSignals } from '../system/stop-signals'
import type { Say } from '../terminal/say'
import { openBenchBroker } from './bench-broker'
import type { BenchParts, BenchRow } from './bench-row'
import { keep } from './keep-results'
import type { BenchOptions, RowName } from './options'
import { temporaryDatabase } from './postgres-database'
import { reportOf } from './report'
import { consumeRow } from './rows/consume-row'
import { batchRow } from './rows/batch-row'
import {
  consumeByBacklogRow,
  consumeByConcurrencyRow,
  consumeByGroupsRow,
  consumeBySizeRow,
} from './rows/consume-growth-rows'
import { httpRow } from './rows/http-row'
import { journalConsumeRow, journalPublishRow } from './rows/journal-rows'
import { memoryRow } from './rows/memory-row'
import { pairLatencyRow } from './rows/pair-latency-row'
import { publishByConnectionsRow, publishBySizeRow } from './rows/publish-growth-rows'
import { publishLatencyRow } from './rows/publish-latency-row'
import { spoolRow } from './rows/spool-row'
import { startRow } from './rows/start-row'
import { tracesConsumeRow, tracesPublishRow } from './rows/traces-rows'

const rowsByName: Record<RowName, readonly ((parts: BenchParts) => Promise<BenchRow>)[]> = {
  http: [httpRow],
  batch: [batchRow],
  consume: [consumeRow],
  start: [startRow],
  latency: [publishLatencyRow, pairLatencyRow],
  memory: [memoryRow],
  growth: [
    publishBySizeRow,
    publishByConnectionsRow,
    consumeBySizeRow,
    consumeByConcurrencyRow,
    consumeByGroupsRow,
    consumeByBacklogRow,
  ],
  spool: [spoolRow],
  journal: [journalPublishRow, journalConsumeRow],
  traces: [tracesPublishRow, tracesConsumeRow],
}

/**
 * Builds, runs the chosen rows on a broker of their own, prints each, and keeps them in `.handoff/bench/`. A request to
 * stop is heard between two turns, and everything that was started ends; a second one ends all at once.
 */
export async function runBench(
  root: string,
  { rows, size, before, brokerUrl, only }: BenchOptions,
  say: Say,
): Promise<void> {
  if (platform() !== 'linux') throw new Error('CPU time and memory are read from /proc, which only Linux has')
  const { asked, forced } = stopSignals()
  forced.addEventListener('abort', () => process.exit(1))
  say('building')
  await buildDist(root)
  await using ends = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'handoff-bench-stores-'))
  ends.defer(() => rm(directory, { recursive: true, force: true }))
  const database = await temporaryDatabase(process.env['POSTGRES_TEST_URL'])
  ends.defer(async () => database?.drop())
  const broker = await openBenchBroker(say, brokerUrl)
  ends.defer(() => broker.close())
  const measured: BenchRow[] = []
  for (const measure of rows.flatMap((name) => rowsByName[name])) {
    const row = await measure({ root, broker, size, say, asked, directory, before, only, postgresUrl: database?.url })
    measured.push(row)
    console.log(`\n${reportOf(row)}\n`)
    // After each, since what follows may take an hour and fail.
    await keep(root, { size, broker: broker.version, rows: measured })
  }
  say('written: .handoff/bench/latest.json and latest.svg')
  if (size === 'quick') say('these were quick rounds: they show that it works, not how fast')
}
