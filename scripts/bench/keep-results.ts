import { mkdir, writeFile } from 'node:fs/promises'
import { arch, cpus } from 'node:os'
import { join } from 'node:path'
import type { BenchRow } from './bench-row'
import { chartOf } from './chart'
import type { BenchOptions } from './options'

interface Kept {
  readonly size: BenchOptions['size']
  readonly broker: string
  readonly rows: readonly BenchRow[]
}

interface Facts extends Kept {
  readonly measuredAt: string
  readonly machine: { readonly node: string; readonly cpu: string | undefined; readonly cores: number }
}

function aboutOf({ measuredAt, machine, broker, size }: Facts): readonly string[] {
  const { node, cpu, cores } = machine
  const about = `${measuredAt.slice(0, 10)}, Node ${node}, RabbitMQ ${broker}, ${cores} × ${cpu ?? 'unknown CPU'}`
  return size === 'quick' ? ['Quick rounds: they show that it works, not how fast.', about] : [about]
}

/** Writes what was measured, and where, to `.handoff/bench/`: all figures, and a chart. */
export async function keep(root: string, kept: Kept): Promise<void> {
  const folder = join(root, '.handoff', 'bench')
  await mkdir(folder, { recursive: true })
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, arch: arch() }
  const facts: Facts = { measuredAt: new Date().toISOString(), machine, ...kept }
  await writeFile(join(folder, 'latest.json'), `${JSON.stringify(facts, null, 2)}\n`)
  await writeFile(join(folder, 'latest.svg'), chartOf(kept.rows, aboutOf(facts)))
}
