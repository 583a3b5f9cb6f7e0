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
  /** Whether it knows where to go on. What it was told before, another one does not know. */
  isPlaced: boolean
}

const beginAgainMs = 1_000
const stopPatienceMs = 2_000
const resourceLimits = { maxYoungGenerationSizeMb: 16 }

/**
 * Follows a log in a thread of its own: what it takes to put thousands of steps into a store, the wait for the disk above
 * all, would be time that requests wait for. The thread also forgets what is old. One that dies leaves what it was
 * asked for rejected, so that the log asks for the place again, and another one is begun a second later.
 */
export class ProjectionThread implements JournalFollower {
  readonly #parts: ProjectionThreadParts
  readonly #stopping = new AbortController()
  #thread: Promise<Thread>
  #stopped: Promise<void> | undefined

  constructor(parts: ProjectionThreadParts) {
    this.#parts = parts
    this.#thread = Promise.resolve(this.#begin())
  }

  async place(): Promise<JournalPlace | undefined> {
    const thread = await this.#running()
    const place = await thread.calls.place()
    thread.isPlaced = true
    return place
  }

  anew(): void {
    this.#thread.then(
      ({ isPlaced, calls }) => (isPlaced ? calls.anew.asEvent() : undefined),
      () => undefined,
    )
  }

  async take(entries: readonly JournalEntry[]): Promise<void> {
    try {
      const { isPlaced, calls } = await this.#running()
      if (!isPlaced) throw new Error('the thread of the projection is another one, and has to be asked for its place')
      await calls.take(entries.map(toSent))
    } catch (error) {
      if (!this.#stopping.signal.aborted) throw error
    }
  }

  /** Resolves when the store is closed, after two seconds at the latest; what it is asked then rejects. */
  stop(): Promise<void> {
    this.#stopping.abort(new Error('the projection was stopped'))
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    const thread = await this.#thread.catch(() => undefined)
    if (thread === undefined) return
    const { calls, worker } = thread
    await withDeadline(calls.stop(), stopPatienceMs, 'the end of the projection').catch(() => undefined)
    // Within the database or the disk it ends when that returns, and nobody can hurry it.
    void worker.terminate()
  }

  async #running(): Promise<Thread> {
    const thread = await this.#thread
    this.#stopping.signal.throwIfAborted()
    return thread
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
    return { worker, calls, isPlaced: false }
  }

  #ended(calls: Calls, error: Error): void {
    calls.$close(error)
    if (this.#stopping.signal.aborted) return
    this.#thread = this.#beginAgain()
    // Whoever needs it hears of it.
    this.#thread.catch(() => undefined)
    this.#parts.heard.died(error)
  }

  async #beginAgain(): Promise<Thread> {
    await pause(beginAgainMs, this.#stopping.signal)
    this.#stopping.signal.throwIfAborted()
    return this.#begin()
  }
}

// As this file, which is not built where tests run.
const isBuilt = __filename.endsWith('.js')
const workerFile = join(__dirname, `projection-worker.${isBuilt ? 'js' : 'ts'}`)
const workerArguments = isBuilt ? ['--enable-source-maps'] : ['-r', 'ts-node/register/transpile-only']
