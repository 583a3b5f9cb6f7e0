import type { Readable } from 'node:stream'

/** What the command line works with; nothing else of the process is touched. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv
  /** Writes a line that was asked for. */
  readonly out: (line: string) => void
  /**
   * Resolves when all that was asked for is with the system, or the signal aborts; rejects with an `OutputError` when some
   * of it never will be. Whoever writes much, or removes what it has written down, waits for it.
   */
  readonly taken: (signal?: AbortSignal) => Promise<void>
  /** Writes a line about it: notes, questions, errors, the audit. */
  readonly err: (line: string) => void
  readonly stdin: Readable
  /** Whether there is somebody who can answer a question. */
  readonly isTerminal: boolean
  /**
   * From when it is called, a wish to stop aborts the signal and no longer ends the process; a second one, a second or
   * more later, does.
   */
  readonly interruption: () => AbortSignal
}
