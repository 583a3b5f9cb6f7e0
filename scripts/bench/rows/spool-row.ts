import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchParts, BenchRow } from '../bench-row'
import { compare, type Sample } from '../comparison'
import { alternate } from '../rounds'
import type { BenchSpool, OpenBenchSpool } from '../spools/bench-spool'
import { segmentFiles } from '../spools/segment-files'
import { sqliteTable } from '../spools/sqlite-table'

const sizes = { quick: { messages: 2_000, rounds: 5 }, full: { messages: 40_000, rounds: 9 } }
const callers = 100
const bodyBytes = 500

type Take = () => Promise<unknown>

/** What it costs to keep a message on disk, and to take it from there, two ways. */
export async function spoolRow({ size, asked, directory }: BenchParts): Promise<BenchRow> {
  const { messages, rounds } = sizes[size]
  const turn = (spool: BenchSpool) => measured(spool, messages, directory)
  const samples = await alternate([sqliteTable, segmentFiles], { rounds, asked }, turn)
  return {
    title: 'Storing a message on disk',
    how: `${messages} messages of ${bodyBytes} bytes by ${callers} callers, each flushed before its caller is told; then all of them taken; ${rounds} rounds in alternating order`,
    drawn: 'stored/s',
    against: 'the first',
    results: compare(samples, sqliteTable.name),
  }
}

async function measured({ open }: BenchSpool, messages: number, directory: string): Promise<Sample> {
  const folder = await mkdtemp(join(directory, 'spool-'))
  const spool = await open(folder)
  try {
    const takes: Take[] = []
    const storing = await timed(() => byCallers(messages, async () => void takes.push(await stored(spool))))
    const inOrder = takes.values()
    const taking = await timed(() => byCallers(messages, async () => void (await inOrder.next().value?.())))
    return {
      'stored/s': messages / storing.seconds,
      'µs CPU to store': storing.cpuMicros / messages,
      'taken/s': messages / taking.seconds,
      'µs CPU to take': taking.cpuMicros / messages,
    }
  } finally {
    await spool.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function stored(spool: OpenBenchSpool): Promise<Take> {
  return spool.store(Buffer.alloc(bodyBytes, 'x'))
}

async function byCallers(count: number, act: () => Promise<void>): Promise<void> {
  let begun = 0
  const caller = async () => {
    while (begun++ < count) await act()
  }
  await Promise.all(Array.from({ length: callers }, caller))
}

async function timed(work: () => Promise<void>): Promise<{ readonly seconds: number; readonly cpuMicros: number }> {
  const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(cpuBefore)
  return { seconds: (performance.now() - startedAt) / 1_000, cpuMicros: user + system }
}
