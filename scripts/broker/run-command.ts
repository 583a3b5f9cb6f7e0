import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv
  /** Default 60 seconds; the command is killed then. */
  readonly timeoutMs?: number
}

/** Runs a command to its end and answers with its trimmed standard output; rejects with the last line it complained in. */
export async function runCommand(file: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { env = process.env, timeoutMs = 60_000 } = options
  try {
    const limits = { env, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024 } as const
    return (await promisify(execFile)(file, args, limits)).stdout.trim()
  } catch (error) {
    throw new Error(`${file} ${args[0] ?? ''}: ${complaint(error, timeoutMs)}`, { cause: error })
  }
}

function complaint(error: unknown, timeoutMs: number): string {
  const { code, killed, stderr = '', message } = error as NodeJS.ErrnoException & { killed?: boolean; stderr?: string }
  if (code === 'ENOENT') return 'not installed'
  if (killed === true) return `no end within ${timeoutMs} ms`
  return stderr.trim().split('\n').at(-1) || message
}
