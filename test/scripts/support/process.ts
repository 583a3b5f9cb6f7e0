import { spawn, type ChildProcess } from 'node:child_process'
import { atEnd, mustBeGone } from '../../support/ends'

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Standard output and error together, in the order in which they were written. */
  readonly output: string
}

export interface Running {
  readonly pid: number
  readonly ended: Promise<Ended>
  /** What it has said so far. */
  output(): string
  kill(signal: NodeJS.Signals): void
  /** Signals its whole process group, as a terminal does. */
  killGroup(signal: NodeJS.Signals): void
}

export interface StartFacts {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv
}

/** Starts a program in a process group of its own; whatever of the group still runs at the end is killed. */
export function start(command: string, args: readonly string[], facts: StartFacts): Running {
  const child = spawn('sh', onePipe(command, args), { ...facts, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, output }))
  })
  endWith(child, ended)
  return {
    pid: child.pid ?? 0,
    ended,
    output: () => output,
    kill: (signal) => void child.kill(signal),
    killGroup: (signal) => signalGroup(child, signal),
  }
}

// Lines of two pipes arrive in any order.
function onePipe(command: string, args: readonly string[]): string[] {
  return ['-c', 'exec "$@" 2>&1', 'sh', command, ...args]
}

function endWith(child: ChildProcess, ended: Promise<Ended>): void {
  atEnd(async () => {
    signalGroup(child, 'SIGKILL')
    await ended
  })
  mustBeGone(`process ${child.pid}`, () => child.exitCode === null && child.signalCode === null)
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
