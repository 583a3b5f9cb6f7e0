import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findOnPath } from './find-rabbitmq-server'
import { isFree } from './free-ports'
import type { NodePorts } from './node-identity'
import { pidFileIn } from './node-settings'
import { until } from './until'

export interface NodeControls {
  /** Lets the node finish its work, then ends it and all that was started with it; kills it after 30 seconds. */
  stop(): Promise<void>
  /** SIGKILL for the node and all that was started with it. */
  kill(): Promise<void>
  /** Freezes the node: its connections stay open and silent. */
  pause(): void
  resume(): void
}

/** One process group that holds the server, its epmd and a watch that ends both when our process is gone. */
export interface NodeProcess {
  hasEnded(): boolean
  /** All may be called again after the end. */
  readonly controls: NodeControls
}

export interface Launch {
  readonly bin: string
  readonly directory: string
  readonly env: NodeJS.ProcessEnv
  readonly ports: NodePorts
}

const stopWithinMs = 30_000

// Erlang would start epmd as a daemon of its own, which nobody ends; started here it belongs to the group. File
// descriptor 3 is a pipe from our process: it ends however we end, also by SIGKILL, and the watch then clears up.
const launcher = `
"$1" >/dev/null 2>&1 3>&- &
( cat <&3 ; kill -CONT 0 ; kill -TERM $$ ; sleep 20 ; kill -KILL 0 ) >/dev/null 2>&1 &
exec "$2" 3>&-
`

export function launchNode(launch: Launch): NodeProcess {
  const child = spawnGroup(launch)
  const ended = once(child, 'exit').then(() => {})
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  return { hasEnded, controls: controlsOf(child, ended, launch) }
}

function controlsOf(child: ChildProcess, ended: Promise<void>, { directory, ports }: Launch): NodeControls {
  const cleared = async () => {
    await ended
    signalGroup(child, 'SIGKILL')
    child.stdio[3]?.destroy()
    await until(`the end of the node on port ${ports.amqp}`, 10_000, () => areFree(ports))
  }
  const kill = () => {
    signalGroup(child, 'SIGKILL')
    return cleared()
  }
  const stop = async () => {
    signalGroup(child, 'SIGCONT')
    child.kill('SIGTERM')
    const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), stopWithinMs)
    await cleared().finally(() => clearTimeout(timer))
  }
  return {
    stop,
    kill,
    pause: () => signalMachine(directory, 'SIGSTOP'),
    resume: () => signalMachine(directory, 'SIGCONT'),
  }
}

// A killed process closes its ports a moment after the signal.
async function areFree(ports: NodePorts): Promise<boolean> {
  return (await Promise.all(Object.values(ports).map(isFree))).every((free) => free)
}

/** The last lines the server wrote while it started. */
export function lastWords(directory: string): string {
  const file = startupLogIn(directory)
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-12).join('\n') : ''
}

function spawnGroup({ bin, directory, env }: Launch): ChildProcess {
  const log = openSync(startupLogIn(directory), 'w')
  const erl = findOnPath('erl')
  const epmd = erl === undefined ? 'epmd' : join(dirname(erl), 'epmd')
  const args = ['-c', launcher, 'handoff-broker', epmd, join(bin, 'rabbitmq-server')]
  const child = spawn('/bin/sh', args, { cwd: directory, env, detached: true, stdio: ['ignore', log, log, 'pipe'] })
  closeSync(log)
  child.stdio[3]?.on('error', () => {})
  return child
}

function signalGroup({ pid }: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

// Only the virtual machine is paused, not the group: the watch must stay awake.
function signalMachine(directory: string, name: NodeJS.Signals): void {
  process.kill(Number(readFileSync(pidFileIn(directory), 'utf8')), name)
}

function startupLogIn(directory: string): string {
  return join(directory, 'log', 'startup.log')
}
