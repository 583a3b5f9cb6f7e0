import { createInterface } from 'node:readline/promises'

export type Ask = (question: string) => Promise<boolean>

/**
 * Asks a person a yes/no question, no being the default; undefined where no person can answer. The signal takes the
 * question back, which counts as a no.
 */
export function askOnTerminal(taken?: AbortSignal): Ask | undefined {
  return process.stdin.isTTY && process.stdout.isTTY ? (question) => ask(question, taken) : undefined
}

async function ask(question: string, taken?: AbortSignal): Promise<boolean> {
  // Without terminal mode, Ctrl-C stays a signal for the whole process instead of a key that readline swallows.
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: false })
  const closed = new AbortController()
  lines.once('close', () => closed.abort())
  const signal = taken === undefined ? closed.signal : AbortSignal.any([closed.signal, taken])
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal })
    return /^y(es)?$/i.test(answer.trim())
  } catch (error) {
    if (signal.aborted) return false
    throw error
  } finally {
    lines.close()
  }
}
