import type { BrokerObject, EffectivePolicy, FoundObject, QueuePolicies } from '../messaging/broker-objects'
import type { Clock } from '../runtime/clock'
import type { CheckResult } from '../runtime/probes'
import { tellUnsafe, unsafeKinds, unsafePolicies } from './unsafe-policies'

export interface PolicyWatchParts {
  readonly policies: QueuePolicies
  readonly everyMs: number
  readonly clock: Clock
  readonly logger: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
    error(fields: object, message: string): void
  }
  /** Told of the number of queue keys that somebody's policy weakens. */
  readonly unsafe: { set(count: number): void }
}

// A fresh queue tells nothing of its policy until the broker's next statistics.
const tellsWithinMs = 6_000

/**
 * Looks every now and then whether somebody's policy has made our queues less safe than they were declared. A policy
 * that was seen counts until a look finds it gone; that nobody can look is told, and makes nobody unready.
 */
export class PolicyWatch {
  readonly #parts: PolicyWatchParts
  #unsafe = ''
  #told: ReadonlySet<string> = new Set()
  readonly #known = new Map<string, EffectivePolicy>()
  #sight: { readonly can: 'see' | 'not see'; readonly detail: string } = { can: 'not see', detail: 'not looked yet' }
  #cancel = () => {}
  #isStopped = false

  constructor(parts: PolicyWatchParts) {
    this.#parts = parts
  }

  /** Resolves after the first look, however it went. */
  start(): Promise<void> {
    return this.#lookAndGoOn()
  }

  /** May be called twice. */
  stop(): void {
    this.#isStopped = true
    this.#cancel()
  }

  check(): CheckResult {
    const { can, detail } = this.#sight
    if (this.#unsafe === '') return { status: 'ok', detail: can === 'see' ? detail : `cannot be seen: ${detail}` }
    const since = can === 'see' ? '' : `; whether it is so still cannot be seen: ${detail}`
    return { status: 'failed', detail: `${this.#unsafe}${since}` }
  }

  async #lookAndGoOn(): Promise<void> {
    const afterMs = await this.#look()
    if (this.#isStopped) return
    this.#cancel = this.#parts.clock.after(afterMs, () => void this.#lookAndGoOn())
  }

  /** Answers when to look again. */
  async #look(): Promise<number> {
    const { policies, everyMs } = this.#parts
    try {
      const found = await policies.look()
      this.#judge(policies.declared, found)
      return found.some(({ policy }) => policy === undefined) ? Math.min(everyMs, tellsWithinMs) : everyMs
    } catch (error) {
      this.#lose((error as Error).message)
      return everyMs
    }
  }

  #judge(declared: readonly BrokerObject[], found: readonly FoundObject[]): void {
    const { logger, unsafe } = this.#parts
    const told = this.#asLastTold(found)
    const findings = unsafePolicies(declared, told)
    const kinds = unsafeKinds(findings)
    unsafe.set(findings.length)
    if ([...kinds].some((kind) => !this.#told.has(kind)))
      logger.error({ policies: tellUnsafe(findings) }, 'a policy makes queues less safe than they were declared')
    if (kinds.size === 0 && this.#told.size > 0) logger.info({}, 'no policy makes queues less safe any more')
    if (this.#sight.can === 'not see') logger.info({}, 'policies over our queues can be seen')
    this.#unsafe = tellUnsafe(findings)
    this.#told = kinds
    const silent = told.filter(({ policy }) => policy === undefined).length
    const hidden = silent === 0 ? '' : `, as far as is told: of ${silent} queues nothing is`
    this.#sight = { can: 'see', detail: `no policy makes a queue less safe${hidden}` }
  }

  /** A node that has just started tells of its queues before it tells of their policies. */
  #asLastTold(found: readonly FoundObject[]): readonly FoundObject[] {
    for (const { name, policy } of found) if (policy !== undefined) this.#known.set(name, policy)
    return found.map((queue) => {
      const policy = this.#known.get(queue.name)
      return policy === undefined ? queue : { ...queue, policy }
    })
  }

  #lose(detail: string): void {
    const { logger } = this.#parts
    // Many brokers have no management for services, which is no news; that it went away is.
    const tell = (level: 'info' | 'warn') => logger[level]({ detail }, 'policies over our queues cannot be seen')
    if (this.#sight.can === 'see') tell('warn')
    else if (this.#sight.detail !== detail) tell('info')
    this.#sight = { can: 'not see', detail }
  }
}
