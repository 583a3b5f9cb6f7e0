import { spawn, type ChildProcess } from 'node:child_process'

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Standard output and error together. */
  readonly output: string
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** What it has said so far. */
  output(): string
}

const running = new Set<ChildProcess>()

afterEach(async () => {
  await Promise.all([...running].map(end))
})

/** Starts a program in a process group of its own; whatever of the group still runs after the test is killed. */
export function start(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Running {
  const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, output }))
  })
  return { child, ended, output: () => output }
}

async function end(child: ChildProcess): Promise<void> {
  running.delete(child)
  const closed = new Promise((resolve) => child.once('close', resolve))
  const alive = child.exitCode === null && child.signalCode === null
  killGroup(child.pid)
  if (alive) await closed
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
