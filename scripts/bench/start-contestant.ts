import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { dieWithUs } from '../system/die-with-us'
import type { Contestant } from './contestant'

export interface Running<C extends Contestant = Contestant> {
  readonly name: string
  readonly contestant: C
  readonly pid: number
  /** From the spawning of the process until it was ready. */
  readonly startMs: number
  readonly stop: () => Promise<void>
}

const readyWithinMs = 60_000

/**
 * Starts a contestant and resolves when it is ready. Rejects with its last words when it ends before or takes over a
 * minute. It inherits no setting of ours, and ends with this process: its IPC channel closes, and
 * one that is held still at that moment, which would never hear of it, is killed.
 */
export async function startContestant<C extends Contestant>(contestant: C): Promise<Running<C>> {
  const { name, args, env, ready, hear } = contestant
  const startedAt = performance.now()
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  if (hear !== undefined) child.on('message', hear)
  const words = wordsOf(child)
  const ended = endWithUs(child)
  const stop = () => stopChild(child, ended)
  const signal = AbortSignal.timeout(readyWithinMs)
  const failed = ended.then(() => Promise.reject(new Error(`${name} ended before it was ready:\n${words()}`)))
  try {
    await Promise.race([ready === 'said' ? said(child, signal) : answers(ready.url, signal), failed])
  } catch (error) {
    await stop()
    throw new Error(`${name} did not start: ${(error as Error).message}\n${words()}`, { cause: error })
  }
  failed.catch(() => {})
  return { name, contestant, pid: child.pid ?? 0, startMs: performance.now() - startedAt, stop }
}

function endWithUs(child: ChildProcess): Promise<void> {
  const { pid } = child
  const letLive = pid === undefined ? () => {} : dieWithUs(pid)
  child.once('exit', letLive)
  return new Promise((resolve) => child.once('close', () => resolve()))
}

function said(child: ChildProcess, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve())
    signal.addEventListener('abort', () => reject(new Error('it did not say that it is ready')))
  })
}

async function answers(url: string, signal: AbortSignal): Promise<void> {
  for (; !signal.aborted; await pause(5)) {
    const status = await fetch(url, { signal }).then(
      async (response) => (await response.body?.cancel(), response.status),
      () => 0,
    )
    if (status === 200) return
  }
  throw new Error(`${url} did not answer 200`)
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  // One that was held still would never hear of its end.
  child.kill('SIGCONT')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended.finally(() => clearTimeout(timer))
}

function wordsOf(child: ChildProcess): () => string {
  let words = ''
  const hear = (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-2_000)
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  return () => words.trim()
}
