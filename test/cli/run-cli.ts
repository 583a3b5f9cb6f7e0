import { Readable } from 'node:stream'
import { runProgram } from '../../cli/program'
import type { Surroundings } from '../../cli/surroundings'

/** Runs the command where there is no terminal and nothing to read; tells its exit code and what it said. */
export async function runCli(args: readonly string[], change: Partial<Surroundings> = {}) {
  const text = { out: '', err: '' }
  const code = await runProgram([...args], {
    environment: {},
    out: (line) => void (text.out += `${line}\n`),
    taken: () => Promise.resolve(),
    err: (line) => void (text.err += `${line}\n`),
    stdin: Readable.from([]),
    isTerminal: false,
    interruption: () => new AbortController().signal,
    ...change,
  })
  return { code, ...text }
}
