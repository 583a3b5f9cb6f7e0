import { setImmediate } from 'node:timers/promises'
import type { Store, Transaction } from '../../shared/store/store'
import { StoreUnavailable } from '../../shared/store/store'
import { countEffects, effect, newKey } from './store-effects'

const count = 'select count(*) as number from effects where id = $1'

function write(transaction: Transaction, id: string): Promise<void> {
  const { sql, params } = effect(id)
  return transaction.run(sql, params)
}

/** A handler reads and writes in the transaction of the done row. */
export function interactiveContract(opened: () => Store): void {
  describe('interactive', () => {
    it('sees its own writes, and nobody else does before the commit', async () => {
      const key = newKey()
      const outcome = await opened().interactive(key, async (transaction) => {
        await write(transaction, key.id)
        await expect(transaction.query(count, [key.id])).resolves.toEqual([{ number: 1 }])
        await expect(countEffects(opened(), key.id)).resolves.toBe(0)
        await expect(opened().isDone(key)).resolves.toBe(false)
      })
      expect(outcome).toBe('applied')
      await expect(countEffects(opened(), key.id)).resolves.toBe(1)
      await expect(opened().isDone(key)).resolves.toBe(true)
    })

    it('runs once for one key, also at the same time and beside apply', async () => {
      const key = newKey()
      let runs = 0
      const work = async (transaction: Transaction) => {
        runs += 1
        await write(transaction, key.id)
      }
      await opened().interactive(key, work)
      const again = await Promise.all([
        opened().interactive(key, work),
        opened().interactive(key, work),
        opened().apply(key, [effect(key.id)]),
      ])
      expect(again).toEqual(['duplicate', 'duplicate', 'duplicate'])
      expect(runs).toBe(1)
      await expect(countEffects(opened(), key.id)).resolves.toBe(1)
    })

    it('counts right when many transactions read and write the same row', async () => {
      const id = newKey().id
      await opened().apply(newKey(), [{ sql: 'insert into samples (id, whole) values ($1, 0)', params: [id] }])
      const increment = 'update samples set whole = whole + 1 where id = $1'
      const one = () => opened().interactive(newKey(), (transaction) => transaction.run(increment, [id]))
      await Promise.all(Array.from({ length: 8 }, one))
      await expect(opened().query('select whole from samples where id = $1', [id])).resolves.toEqual([{ whole: 8 }])
    })

    it('lets everything else pass, however many wait for their turn', async () => {
      const gate = Promise.withResolvers<void>()
      const first = Promise.withResolvers<void>()
      let begun = 0
      const waiting = Array.from({ length: 12 }, () =>
        opened().interactive(newKey(), () => (++begun === 1 ? first.promise : gate.promise)),
      )
      const applied = opened().apply(newKey(), [])
      await setImmediate()
      first.resolve()
      await expect(applied).resolves.toBe('applied')
      await expect(opened().isDone(newKey())).resolves.toBe(false)
      await expect(opened().ping()).resolves.toBeUndefined()
      gate.resolve()
      await expect(Promise.all(waiting)).resolves.toEqual(Array(12).fill('applied'))
    })

    it('rolls back and rejects with the error of the work', async () => {
      const key = newKey()
      const outcome = opened().interactive(key, async (transaction) => {
        await write(transaction, key.id)
        throw new Error('stock is empty')
      })
      await expect(outcome).rejects.toThrow('stock is empty')
      await expect(outcome).rejects.not.toBeInstanceOf(StoreUnavailable)
      await expect(countEffects(opened(), key.id)).resolves.toBe(0)
      await expect(opened().isDone(key)).resolves.toBe(false)
      await expect(opened().apply(key, [effect(key.id)])).resolves.toBe('applied')
    })

    it('rolls back when the work swallows a failed statement, or does not await it', async () => {
      const swallowing = newKey()
      const swallowed = opened().interactive(swallowing, async (transaction) => {
        await write(transaction, swallowing.id)
        await transaction.run('insert into no_such_table values (1)').catch(() => undefined)
      })
      await expect(swallowed).rejects.toThrow('no_such_table')
      const hasty = newKey()
      const unawaited = opened().interactive(hasty, async (transaction) => {
        await write(transaction, hasty.id)
        void transaction.run('insert into no_such_table values (1)')
      })
      await expect(unawaited).rejects.toThrow('no_such_table')
      await expect(countEffects(opened(), swallowing.id)).resolves.toBe(0)
      await expect(countEffects(opened(), hasty.id)).resolves.toBe(0)
    })

    it('refuses to end the transaction, and everything after its end', async () => {
      const key = newKey()
      let kept: Transaction | undefined
      const committing = opened().interactive(key, (transaction) => {
        kept = transaction
        return transaction.run('commit')
      })
      await expect(committing).rejects.toThrow('"commit" is refused')
      await expect(kept?.run('delete from effects')).rejects.toThrow('This transaction is over')
      await expect(kept?.query('select 1 as one')).rejects.toThrow('This transaction is over')
    })
  })
}
