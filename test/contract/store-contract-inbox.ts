import { isNativeError } from 'node:util/types'
import type { Store } from '../../shared/store/store'
import { StoreUnavailable } from '../../shared/store/store'
import { countEffects, effect, newKey } from './store-effects'

/** Writes and done row commit together, once. */
export function inboxContract(opened: () => Store): void {
  describe('apply', () => {
    it('has one effect for a thousand concurrent deliveries of one message', async () => {
      const key = newKey()
      const outcomes = await Promise.all(Array.from({ length: 1000 }, () => opened().apply(key, [effect(key.id)])))
      expect(outcomes.filter((outcome) => outcome === 'applied')).toHaveLength(1)
      expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(999)
      await expect(countEffects(opened(), key.id)).resolves.toBe(1)
    })

    it('commits the writes and the done row together', async () => {
      const key = newKey()
      await expect(opened().isDone(key)).resolves.toBe(false)
      await expect(opened().apply(key, [effect(key.id), effect(key.id)])).resolves.toBe('applied')
      await expect(opened().isDone(key)).resolves.toBe(true)
      await expect(countEffects(opened(), key.id)).resolves.toBe(2)
    })

    it('keeps neither the earlier writes nor the done row when a write fails', async () => {
      const key = newKey()
      const writes = [effect(key.id), { sql: 'insert into no_such_table (id) values ($1)', params: [key.id] }]
      const failure: unknown = await opened()
        .apply(key, writes)
        .catch((error: unknown) => error)
      expect(failure).toMatchObject({ message: expect.stringContaining('no_such_table') as string })
      expect(failure).not.toBeInstanceOf(StoreUnavailable)
      await expect(countEffects(opened(), key.id)).resolves.toBe(0)
      await expect(opened().apply(key, [effect(key.id)])).resolves.toBe('applied')
    })

    it('handles groups and sources apart', async () => {
      const key = newKey('ledger')
      const keys = [key, { ...key, group: 'mail' }, { ...key, source: '/elsewhere' }]
      const outcomes = await Promise.all(keys.map((each) => opened().apply(each, [effect(key.id)])))
      expect(outcomes).toEqual(['applied', 'applied', 'applied'])
      await expect(countEffects(opened(), key.id)).resolves.toBe(3)
    })
  })

  describe('a failing unit of work', () => {
    const failing = {
      'breaks a constraint': { sql: 'insert into unique_effects (id) values ($1)', params: ['taken'] },
      'fails only at the commit': { sql: `insert into children (id, parent) values ($1, 'nobody')`, params: ['child'] },
      'has a parameter too few': { sql: 'insert into effects (id, note) values ($1, $2)', params: ['few'] },
      'has a parameter too many': { sql: 'insert into effects (id) values ($1)', params: ['many', 'more'] },
      'hides a second statement': { sql: `insert into effects (id) values ('a'); delete from effects`, params: [] },
    }
    beforeAll(() => opened().apply(newKey(), [{ sql: `insert into unique_effects (id) values ('taken')`, params: [] }]))

    it.each(Object.entries(failing))('that %s is rejected alone', async (_, write) => {
      const neighbours = Array.from({ length: 40 }, () => newKey())
      const guilty = newKey()
      const applied = (key: typeof guilty) => opened().apply(key, [effect(key.id)])
      const before = neighbours.slice(0, 20).map(applied)
      const failed = opened().apply(guilty, [effect(guilty.id), write])
      const after = neighbours.slice(20).map(applied)

      const failure: unknown = await failed.catch((error: unknown) => error)
      expect(isNativeError(failure)).toBe(true)
      expect(failure).not.toBeInstanceOf(StoreUnavailable)
      expect(new Set(await Promise.all([...before, ...after]))).toEqual(new Set(['applied']))
      for (const { id } of neighbours) await expect(countEffects(opened(), id)).resolves.toBe(1)
      await expect(opened().isDone(guilty)).resolves.toBe(false)
      await expect(countEffects(opened(), guilty.id)).resolves.toBe(0)
    })
  })

  describe('a statement that would touch the transaction', () => {
    // Those in capitals are as the store itself sends them: what it has prepared is not for callers.
    const refused = [
      'COMMIT',
      'ROLLBACK',
      'SAVEPOINT unit',
      'BEGIN IMMEDIATE',
      'commit',
      '  COMMIT;',
      '-- ends it\nrollback',
      '/* a */ savepoint mine',
      'begin',
      ';commit',
      'end',
    ]

    it.each(refused)('is refused: %j', async (sql) => {
      const key = newKey()
      const neighbour = newKey()
      const writes = [effect(key.id), { sql, params: [] }]
      const outcome = opened().apply(key, writes)
      const other = opened().apply(neighbour, [effect(neighbour.id)])
      await expect(outcome).rejects.toThrow('the store begins and ends transactions itself')
      await expect(other).resolves.toBe('applied')
      await expect(countEffects(opened(), key.id)).resolves.toBe(0)
      await expect(opened().query(sql)).rejects.toThrow('the store begins and ends transactions itself')
    })
  })
}
