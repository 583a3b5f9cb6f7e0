import { Type } from 'typebox'
import { group } from '../../shared/messages/group'
import { command, event, type MessageType } from '../../shared/messages/message'
import { handler } from '../../services/consumer/handler'
import { Reject } from '../../services/consumer/reject'

/**
 * What the handler of a message does: `works`; `fails` so many times first, now and then, or for ever; `refuses` it, or
 * now and then does not; `kills` its process; `hangs` until its time is over.
 */
export const behaviours = [
  'works',
  'fails once',
  'fails three times',
  'fails now and then',
  'fails',
  'refuses',
  'refuses now and then',
  'kills',
  'hangs',
] as const

export type Behaviour = (typeof behaviours)[number]

const schema = Type.Object({ n: Type.Integer(), behaviour: Type.Union(behaviours.map((each) => Type.Literal(each))) })
const facts = { description: 'of the simulation', examples: [] }
const delivery = { attempts: 4, delaysMs: [200, 2_000], timeLimitMs: 3_000 }

export const doneOnce = command('done.once', schema, { ...facts, delivery })
export const confirmedOnly = command('confirmed.only', schema, { ...facts, delivery, acceptance: 'confirm' })
export const storedFirst = command('stored.first', schema, { ...facts, delivery, acceptance: 'spool-first' })
export const happened = event('happened', schema, { ...facts, delivery })
export const nobodyWants = event('nobody.wants', schema, { ...facts, delivery })

export const groups = [group('one', [doneOnce, confirmedOnly, storedFirst, happened]), group('other', [happened])]

/** What handlers ask their world for. */
export interface HandlerWorld {
  /** The process ends here and now. */
  kill(group: string, n: number): void
  pause(ms: number): Promise<void>
  /** Heads or tails. */
  tosses(): boolean
  /** How long the work of a handler takes. */
  workMs(): number
}

const effect = 'insert into effects (n) values ($1)'

/** The handlers of both groups. Those of `other` have their effect in an open transaction. */
export function handlersIn(world: HandlerWorld) {
  return groups.flatMap(({ name, types: taken }) =>
    taken.map((type) => {
      const transaction = name === 'other' ? 'interactive' : 'collected'
      return handler(
        type as MessageType<typeof schema>,
        { group: name, transaction },
        async ({ n, behaviour }, { db, attempt, signal }) => {
          await db.run(effect, [n])
          await world.pause(world.workMs())
          await behave(behaviour, { kill: () => world.kill(name, n), world, attempt, signal })
        },
      )
    }),
  )
}

interface Run {
  readonly kill: () => void
  readonly world: HandlerWorld
  readonly attempt: number
  readonly signal: AbortSignal
}

async function behave(behaviour: Behaviour, { kill, world, attempt, signal }: Run): Promise<void> {
  switch (behaviour) {
    case 'works':
      return
    case 'fails once':
      if (attempt < 2) throw new Error('not yet')
      return
    case 'fails three times':
      if (attempt < 4) throw new Error('not yet')
      return
    case 'fails now and then':
      if (world.tosses()) throw new Error('this time')
      return
    case 'refuses now and then':
      if (world.tosses()) throw new Reject('this time')
      return
    case 'fails':
      throw new Error('never')
    case 'refuses':
      throw new Reject('not this one')
    case 'kills':
      kill()
      return new Promise(() => {})
    case 'hangs':
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('told to stop'))))
  }
}
