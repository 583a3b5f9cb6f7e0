import { spawn } from 'node:child_process'

export interface CommandResult {
  /** Undefined when it exited with 0, else how it ended. */
  readonly failure: string | undefined
  /** Standard output and error together, as they came. */
  readonly output: string
}

/** Runs a shell command to its end and keeps what it said. The signal ends it early; never rejects. */
export function runCommand(command: string, signal?: AbortSignal): Promise<CommandResult> {
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'], ...(signal && { signal }) })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  return new Promise((resolve) => {
    const end = (failure: string | undefined) => resolve({ failure, output: Buffer.concat(chunks).toString() })
    child.once('error', (error) => end(error.message))
    child.once('close', (code, killed) =>
      end(code === 0 ? undefined : killed ? `ended by ${killed}` : `exit code ${code}`),
    )
  })
}
