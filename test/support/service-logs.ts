import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

/** One line that a service wrote: its JSON, or `text` where it is none. */
export type LogLine = Readonly<Record<string, unknown>>

/** Everything the process writes to its standard output and error, line by line; the list grows. */
export function collectLogs({ stdout, stderr }: ChildProcess): readonly LogLine[] {
  const lines: LogLine[] = []
  for (const input of [stdout, stderr]) {
    if (input !== null) createInterface({ input }).on('line', (line) => lines.push(parsed(line)))
  }
  return lines
}

function parsed(text: string): LogLine {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as LogLine) : { text }
  } catch {
    return { text }
  }
}
