import { spawn, type ChildProcess } from 'node:child_process'
import type { Program } from './program'

/** How one run of a program ended. */
export interface Exit {
  readonly code: number | undefined
  readonly signal: NodeJS.Signals | undefined
  /** In words: `exit code 1`, `ended by SIGKILL`, `spawn node ENOENT`. */
  readonly how: string
  /** How long it had been ready, in milliseconds; undefined when it never was. */
  readonly readyForMs: number | undefined
}

/** One run of a program, from start to exit. */
export interface Run {
  readonly exited: Promise<Exit>
  /** Asks it to stop. */
  stop(): void
  /** Ends it, and whatever it has started. */
  kill(): void
}

/**
 * Starts a program in a process group of its own: a Ctrl-C in the terminal must reach the supervisor alone, who then
 * stops everything in order. Its IPC channel closes when the supervisor is gone, which the program takes for a stop.
 */
export function startRun(program: Program): Run {
  const child = spawn(program.command, program.args, {
    env: program.env,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return {
    exited: exitOf(child, program),
    stop: () => void child.kill('SIGTERM'),
    kill: () => killGroup(child.pid),
  }
}

async function exitOf(child: ChildProcess, program: Program): Promise<Exit> {
  const gone = new AbortController()
  let readyAt: number | undefined
  const watching = program.untilReady(gone.signal, child.pid).then((ready) => {
    if (ready) readyAt = performance.now()
  })
  const end = await endOf(child)
  const readyForMs = readyAt === undefined ? undefined : performance.now() - readyAt
  gone.abort()
  await watching
  return { ...end, readyForMs }
}

function endOf(child: ChildProcess): Promise<Omit<Exit, 'readyForMs'>> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: undefined, signal: undefined, how: error.message }))
    child.once('exit', (code, signal) => {
      const how = signal === null ? `exit code ${code}` : `ended by ${signal}`
      resolve({ code: code ?? undefined, signal: signal ?? undefined, how })
    })
  })
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
