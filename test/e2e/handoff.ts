import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { commandExists } from '../support/command-exists'
import { atEnd, mustBeGone } from '../support/ends'

const root = join(__dirname, '..', '..')

/** A command that has ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface HandoffRun {
  readonly ended: Promise<Ended>
  /** What it has written to standard output so far. */
  readonly stdout: () => string
  readonly stderr: () => string
  readonly kill: (signal: NodeJS.Signals) => void
}

export interface HandoffFacts {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  /** Where it reads and writes; on a terminal, what goes to standard error is in `stdout` too. Default `pipes`. */
  readonly on?: 'pipes' | 'terminal'
  /** A descriptor that stands in for the pipe of standard output, of which nothing is in `stdout` then. */
  readonly into?: number
  /** The same for standard error. */
  readonly errorsInto?: number
}

/** Whether commands can be run on a terminal here: that of util-linux makes one. */
export const hasTerminal = process.platform === 'linux' && commandExists('script')

/** The built command line as a process of its own; nothing else of our environment's settings reaches it. */
export function startHandoff(args: readonly string[], facts: HandoffFacts = {}): HandoffRun {
  const { env = {}, stdin = '', on = 'pipes', into = 'pipe', errorsInto = 'pipe' } = facts
  const command = [process.execPath, '--enable-source-maps', join(root, 'dist', 'cli', 'main.js'), ...args]
  const [file = '', ...rest] = on === 'pipes' ? command : onTerminal(command)
  const stdio = ['pipe', into, errorsInto] as ['pipe', number | 'pipe', number | 'pipe']
  const child = spawn(file, rest, { cwd: root, env: { PATH: process.env['PATH'], ...env }, stdio })
  const text = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (part: string) => (text.stdout += part))
  child.stderr?.setEncoding('utf8').on('data', (part: string) => (text.stderr += part))
  child.stdin?.on('error', () => {}).end(stdin)
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...text })))
  mustBeGone(`handoff ${args.join(' ')}`, () => child.exitCode === null && child.signalCode === null)
  atEnd(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { ended, stdout: () => text.stdout, stderr: () => text.stderr, kill: (signal) => void child.kill(signal) }
}

function onTerminal(command: readonly string[]): readonly string[] {
  return ['script', '-qec', command.map((word) => `'${word}'`).join(' '), '/dev/null']
}

/** Runs one command to its end. */
export function handoff(args: readonly string[], facts?: HandoffFacts): Promise<Ended> {
  return startHandoff(args, facts).ended
}

/** The objects of a `--json` output. */
export function jsonLines(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
