import type { ChildProcessByStdio } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'

export type Child = ChildProcessByStdio<null, Readable, null>

/** Runs one of the scripts beside this file in a process of its own. */
export function startChild(script: string, args: readonly string[]): Child {
  const path = resolve(__dirname, script)
  return spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** What it printed and how it ended: an exit code or a signal. */
export async function childEnd(child: Child): Promise<{ output: string; end: unknown }> {
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { output, end: signal ?? code }
}
