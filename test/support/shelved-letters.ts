import type { DeadLetter, DeadLetters, Decision } from '../../shared/messaging/dead-letters'
import type { GroupTopology } from '../../shared/messaging/transport'

type Decide = (letter: DeadLetter) => Decision | Promise<Decision>

/** Dead letters in an array, of whatever group is asked for; they are walked as the port says. */
export class ShelvedLetters implements DeadLetters {
  readonly place = 'the shelf'
  readonly journal = { append: () => Promise.resolve({ outcome: 'confirmed', detail: '' } as const) }
  /** Called before a letter is handed over, and waited for; the first walk is 1, and so is its first letter. */
  meeting: (walk: number, at: number) => void | Promise<void> = () => {}
  /** Called before what was decided is carried out, and waited for. */
  taking: () => void | Promise<void> = () => {}
  left: readonly DeadLetter[]
  #walks = 0

  constructor(letters: readonly DeadLetter[]) {
    this.left = letters
  }

  /** What a walk holds is not among those that are ready. */
  async walk(_: GroupTopology, decide: Decide) {
    const walk = ++this.#walks
    const ready = this.left.length
    const kept: DeadLetter[] = []
    let met = 0
    try {
      for (let last: Decision = 'keep'; last !== 'enough' && met < ready; met++) {
        const letter = this.left[0]
        if (letter === undefined) break
        this.left = this.left.slice(1)
        kept.push(letter)
        await this.meeting(walk, met + 1)
        last = await decide(letter)
        if (last === 'keep' || last === 'enough') continue
        await this.taking()
        kept.pop()
      }
    } finally {
      this.left = [...kept, ...this.left]
    }
    return { ready, met }
  }

  count() {
    return Promise.resolve(this.left.length)
  }

  replaysTo({ name }: GroupTopology) {
    return name
  }

  keep({ body }: DeadLetter) {
    return { body, properties: {}, headers: {} }
  }

  read(): never {
    throw new Error('nothing is kept of what was on the shelf')
  }

  put() {
    return Promise.resolve({ outcome: 'confirmed', detail: '' } as const)
  }

  close() {
    return Promise.resolve()
  }
}

/** A dead letter with this body; without an id, unless one is given. */
export function shelvedLetter(body: string, some: Partial<DeadLetter> = {}): DeadLetter {
  return {
    ...{ id: undefined, source: undefined, type: undefined, reason: undefined, error: undefined, stack: undefined },
    ...{ attempts: undefined, replays: 0, firstSeen: undefined, deadAt: '2026-01-01T00:00:00.000Z', route: undefined },
    ...{ contentType: 'application/json', extensions: {}, headers: {}, properties: {} },
    data: Buffer.from(body),
    body: Buffer.from(body),
    ...some,
  }
}
