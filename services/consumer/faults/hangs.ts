import type { Struck } from '../../../shared/runtime/faults-door'
import { ProblemError } from '../../../shared/runtime/problem-error'
import type { Handler } from '../handler'
import type { Run } from '../work'

/** Longer than the time limit by so much, so that it is the limit that ends the attempt. */
const beyondLimitMs = 5_000

/** Has a handler hang on purpose: it does not return, and heeds no signal, until some time after its limit. */
export class Hangs {
  readonly #handlers: readonly Handler[]
  #next: Handler | undefined

  constructor(handlers: readonly Handler[]) {
    this.#handlers = handlers
  }

  /** The next message of this type hangs in its handler, once; of several groups in that which is named, or else the first. */
  arm(type: unknown, group: unknown): Struck {
    const ofType = this.#handlers.filter((handler) => handler.type.name === type)
    const found = ofType.find((handler) => group === undefined || handler.group === group)
    if (found === undefined)
      throw new ProblemError(
        'refused-operation',
        `there is no handler for ${JSON.stringify(type)}${group === undefined ? '' : ` in the group ${JSON.stringify(group)}`}`,
      )
    this.#next = found
    const limit = `${found.type.delivery.timeLimitMs / 1_000} s`
    return { detail: `the next ${found.type.name} hangs in the group ${found.group}, whose limit is ${limit}` }
  }

  around(run: Run): Run {
    return (job, db) => {
      // Who waits for its result has a handler of its own around that of the type.
      const { type, group } = job.handler
      if (type !== this.#next?.type || group !== this.#next.group) return run(job, db)
      this.#next = undefined
      return hung(type.delivery.timeLimitMs + beyondLimitMs)
    }
  }
}

function hung(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
