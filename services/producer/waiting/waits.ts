import { replyExtensions, type Reply, type ReplyLine } from '../../../shared/messaging/reply-line'
import type { Envelope } from '../../../shared/messaging/transport'
import type { RouteDecision } from '../../../shared/routing/routes/decision'
import type { Clock } from '../../../shared/runtime/clock'
import { randomHex } from '../../../shared/runtime/random-hex'
import type { Ending } from './ending'
import type { Takers } from './takers'
import { Wait, type AskedMessage } from './wait'

export interface WaitsParts {
  readonly replies: Pick<ReplyLine, 'address' | 'listen'>
  readonly takersOf: (type: string) => Takers
  readonly clock: Clock
  /** Hears of each wait that has ended, and how long it was. */
  readonly observed: (type: string, outcome: string, seconds: number) => void
}

/** Each holds a connection, and a place here. */
const mostAtOnce = 1_000
/** What a message may be held up for until it is known where its replies go. */
const addressPatienceMs = 1_000

/** All requests that wait for what becomes of their messages. */
export class Waits {
  readonly #parts: WaitsParts
  readonly #byToken = new Map<string, Wait>()
  #stopping = false

  constructor(parts: WaitsParts) {
    this.#parts = parts
    // The token is of this request alone: an earlier message may have had the same id.
    parts.replies.listen((reply: Reply) => this.#byToken.get(reply.token)?.hear(reply))
  }

  get atOnce(): number {
    return this.#byToken.size
  }

  /**
   * Makes ready to wait, before the message is published; whoever gets one must {@link forget} it. Undefined where that
   * cannot be: no address, too many at once, nobody understands the type, stopping.
   */
  async begin(message: AskedMessage, seconds: number): Promise<Wait | undefined> {
    const { bound, byRoute } = this.#parts.takersOf(message.type)
    if (bound.length + byRoute.length === 0 || !this.#hasRoom()) return undefined
    const address = await this.#address()
    if (address === undefined || !this.#hasRoom()) return undefined
    const token = randomHex(16)
    const extensions = { [replyExtensions.address]: address, [replyExtensions.token]: token }
    const wait = new Wait(message, { seconds, extensions, groups: bound })
    this.#byToken.set(token, wait)
    return wait
  }

  /**
   * Hears what rules of the routes file want of a message, before it is sent: the groups that get it are those to wait for.
   * Of what leaves the spool it hears again, by the rules of that moment.
   */
  readonly decided = (
    { groups, droppedBy }: Pick<RouteDecision, 'groups' | 'droppedBy'>,
    { type, extensions }: Pick<Envelope, 'type' | 'extensions'>,
  ): void => {
    const wait = this.#byToken.get(extensions[replyExtensions.token] ?? '')
    if (wait === undefined) return
    const { bound } = this.#parts.takersOf(type)
    wait.expect(droppedBy === undefined ? groupsBy(groups, bound) : [])
  }

  /** Waits from now on, as long as was asked for. */
  async ending(wait: Wait, type: string): Promise<Ending> {
    const { clock, observed } = this.#parts
    const begunAt = clock.now()
    const cancel = clock.after(wait.seconds * 1_000, () => wait.end({ kind: 'untold', why: 'timeout' }))
    const ending = await wait.ended
    cancel()
    observed(type, outcomeOf(ending), (clock.now() - begunAt) / 1_000)
    return ending
  }

  forget(wait: Wait): void {
    this.#byToken.delete(wait.extensions[replyExtensions.token] ?? '')
  }

  /** Ends every wait, and lets no other begin. */
  stop(): void {
    this.#stopping = true
    for (const wait of this.#byToken.values()) wait.end({ kind: 'untold', why: 'stopping' })
  }

  #hasRoom(): boolean {
    return !this.#stopping && this.#byToken.size < mostAtOnce
  }

  #address(): Promise<string | undefined> {
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.after(addressPatienceMs, () => resolve(undefined))
      const settle = (address?: string) => {
        cancel()
        resolve(address)
      }
      this.#parts.replies.address().then(settle, () => settle())
    })
  }
}

function groupsBy(groups: RouteDecision['groups'], bound: readonly string[]): readonly string[] {
  if (groups === undefined) return bound
  return 'only' in groups ? groups.only : [...new Set([...bound, ...groups.also])]
}

function outcomeOf(ending: Ending): string {
  if (ending.kind === 'untold') return ending.why
  return ending.kind === 'dead' && ending.reply.reason === 'rejected' ? 'rejected' : ending.kind
}
