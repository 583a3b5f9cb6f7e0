import type { DeadLetter, DeadLetters, Decision } from '../../../shared/messaging/dead-letters'
import type { GroupTopology } from '../../../shared/messaging/transport'
import { moveDeadLetters, type Move } from '../../../shared/operations/move-dead-letters'

const group: GroupTopology = { name: 'ledger', routes: [], delaysMs: [] }

/** The broker parks at its limit by the second, and whoever published it gave it no id. */
const unnamed = (body: string, some: Partial<DeadLetter> = {}) =>
  ({
    id: undefined,
    source: undefined,
    deadAt: '2026-01-01T00:00:00.000Z',
    replays: 0,
    data: Buffer.from(body),
    body: Buffer.from(body),
    ...some,
  }) as DeadLetter

/** Keeps its letters in an array, and walks as the port says. */
class ShelvedLetters implements Pick<DeadLetters, 'walk'> {
  left: readonly DeadLetter[]

  constructor(letters: readonly DeadLetter[]) {
    this.left = letters
  }

  async walk(_: GroupTopology, decide: (letter: DeadLetter) => Decision | Promise<Decision>) {
    const all = this.left
    const kept: DeadLetter[] = []
    let met = 0
    for (let last: Decision = 'keep'; last !== 'enough' && met < all.length; met++) {
      const letter = all[met] as DeadLetter
      last = await decide(letter)
      if (last === 'keep' || last === 'enough') kept.push(letter)
    }
    this.left = [...kept, ...all.slice(met)]
    return { ready: all.length, met }
  }
}

function discard(shelved: ShelvedLetters, change: Partial<Move>) {
  return moveDeadLetters(shelved as unknown as DeadLetters, group, {
    selection: { by: 'all' },
    actionOn: () => 'discard',
    ratePerSecond: undefined,
    consent: () => Promise.resolve(true),
    begin: () => {},
    onLetter: () => {},
    onMoved: () => {},
    ...change,
  })
}

test('of letters without an id that died in the same second, those that are selected are moved and no other', async () => {
  const shelved = new ShelvedLetters(['{"a":1}', '{"a":2}', '{"a":3}'].map((body) => unnamed(body)))
  const where = [{ pointer: '/a', value: '2' }]
  expect(await discard(shelved, { selection: { by: 'facts', where } })).toMatchObject({ selected: 1, moved: 1 })
  expect(shelved.left.map(({ body }) => String(body))).toEqual(['{"a":1}', '{"a":3}'])
})

test('nor one with the same body that is not selected', async () => {
  const shelved = new ShelvedLetters(['hello', 'order.placed'].map((type) => unnamed('{}', { type })))
  expect(await discard(shelved, { selection: { by: 'facts', type: 'order.placed' } })).toMatchObject({ moved: 1 })
  expect(shelved.left.map(({ type }) => type)).toEqual(['hello'])
})
