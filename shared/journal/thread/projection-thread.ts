import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { createBirpc, type BirpcReturn } from 'birpc'
import type { JournalEntry, JournalFollower, JournalPlace } from '../../messaging/journal-log'
import { pause } from '../../runtime/backoff'
import { withDeadline } from '../../runtime/deadline'
import { toSent, type ThreadCalls, type ThreadData, type ThreadNews } from './calls'

export interface ThreadEnd {
  /** The thread has ended by itself; another one is begun. */
  died(error: Error): void
}

export interface ProjectionThreadParts {
  readonly data: ThreadData
  readonly heard: ThreadNews & ThreadEnd
}

type Calls = BirpcReturn<ThreadCalls, ThreadNews>

interface Thread {
  readonly worker: Worker
  readonly calls: Calls
}

const beginAgainMs = 1_000
const stopPatienceMs = 2_000
/** What lives for long there are the rows of one write. */
const resourceLimits = { maxYoungGenerationSizeMb: 16 }

/**
 * Follows a log in a thread of its own: what it takes to put thousands of steps into a store, the wait for the disk above
 * all, would be time that requests wait for. A thread that dies leaves what it was asked for rejected, so that the log
 * asks for the place again; then another one is begun, at most one in a second.
 */
export class ProjectionThread implements JournalFollower {
  readonly #parts: ProjectionThreadParts
  readonly #stopping = new AbortController()
  #thread: Thread | undefined
  #diedAt = -Infinity

  constructor(parts: ProjectionThreadParts) {
    this.#parts = parts
  }

  async place(): Promise<JournalPlace | undefined> {
    return (await this.#running()).place()
  }

  anew(): void {
    void this.#thread?.calls.anew.asEvent()
  }

  async take(entries: readonly JournalEntry[]): Promise<void> {
    // One that has begun since knows no place yet, and is asked for it before anything is handed over.
    if (this.#thread === undefined) throw new Error('the thread of the projection has ended')
    try {
      await this.#thread.calls.take(entries.map(toSent))
    } catch (error) {
      if (!this.#stopping.signal.aborted) throw error
    }
  }

  /** Resolves when the store is closed, after two seconds at the latest; what it is asked then rejects. */
  async stop(): Promise<void> {
    if (this.#stopping.signal.aborted) return
    this.#stopping.abort(new Error('the projection was stopped'))
    const thread = this.#thread
    if (thread === undefined) return
    await withDeadline(thread.calls.stop(), stopPatienceMs, 'the end of the projection').catch(() => undefined)
    await thread.worker.terminate()
  }

  async #running(): Promise<Calls> {
    if (this.#thread === undefined) await this.#whileTooSoon()
    this.#stopping.signal.throwIfAborted()
    this.#thread ??= this.#begin()
    return this.#thread.calls
  }

  async #whileTooSoon(): Promise<void> {
    const restMs = this.#diedAt + beginAgainMs - performance.now()
    if (restMs > 0) await pause(restMs, this.#stopping.signal)
  }

  #begin(): Thread {
    const worker = new Worker(workerFile, { workerData: this.#parts.data, execArgv: workerArguments, resourceLimits })
    const calls = createBirpc<ThreadCalls, ThreadNews>(this.#parts.heard, {
      post: (data) => worker.postMessage(data),
      on: (hear) => void worker.on('message', hear),
      timeout: -1,
    })
    let failure: Error | undefined
    worker.on('error', (error: Error) => (failure = error))
    worker.on('exit', (code) => this.#ended(calls, failure ?? new Error(`it exited with code ${code}`)))
    return { worker, calls }
  }

  #ended(calls: Calls, error: Error): void {
    this.#thread = undefined
    this.#diedAt = performance.now()
    calls.$close(error)
    if (!this.#stopping.signal.aborted) this.#parts.heard.died(error)
  }
}

// As this file, which is not built where tests run.
const isBuilt = __filename.endsWith('.js')
const workerFile = join(__dirname, `projection-worker.${isBuilt ? 'js' : 'ts'}`)
const workerArguments = isBuilt ? ['--enable-source-maps'] : ['-r', 'ts-node/register/transpile-only']
