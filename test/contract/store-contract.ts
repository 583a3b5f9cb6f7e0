import type { Store } from '../../shared/store/store'
import { deferralsContract } from './store-contract-deferrals'
import { blockedKeysContract } from './store-contract-blocked-keys'
import { inboxContract } from './store-contract-inbox'
import { interactiveContract } from './store-contract-interactive'
import { keepingContract } from './store-contract-keeping'
import { journalContract } from './store-contract-journal'
import { outboxContract } from './store-contract-outbox'
import { migrationContract } from './store-contract-migrations'
import { schedulesContract } from './store-contract-schedules'
import { valuesContract } from './store-contract-values'
import type { OpenStore } from './store-effects'
import { effectTables } from './store-effects'

/** The promises of the store port, to be kept by every adapter. */
export function storeContract(name: string, open: OpenStore, url: () => string): void {
  describe(`the store on ${name}`, () => {
    let store: Store
    beforeAll(async () => {
      store = await open([effectTables])
    })
    afterAll(() => store.close())

    const opened = () => store
    inboxContract(opened)
    interactiveContract(opened)
    valuesContract(opened)
    keepingContract(opened)
    outboxContract(opened)
    journalContract(opened, url)
    schedulesContract(opened)
    deferralsContract(opened)
    blockedKeysContract(opened)
    migrationContract(open)

    it('answers pings, many at once', async () => {
      await expect(Promise.all(Array.from({ length: 50 }, () => store.ping()))).resolves.toHaveLength(50)
      await expect(store.ping()).resolves.toBeUndefined()
    })

    it('finishes pending calls when it closes, refuses later ones, and closes twice', async () => {
      const other = await open([effectTables])
      const key = { group: 'closing', source: '/test', id: 'pending' }
      const pending = other.apply(key, [])
      await Promise.all([other.close(), other.close()])
      await expect(pending).resolves.toBe('applied')
      await expect(other.query('select 1 as one')).rejects.toThrow('The store is closed')
      await expect(other.apply(key, [])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
      await other.close()
      await expect(store.isDone(key)).resolves.toBe(true)
    })
  })
}
