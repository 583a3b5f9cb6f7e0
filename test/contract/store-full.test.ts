/** A store whose disk is full: it may still change what is there, and is none the less no store that takes writes. */
import { join } from 'node:path'
import { openStore } from '../../shared/store/open-store'
import type { Store } from '../../shared/store/store'
import { diskHasRoomFor, diskIsFullFor } from '../support/disk-full'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { freshDatabase, onPostgres } from '../support/on-postgres'
import { onStore } from '../support/on-store'
import { fill, smallDisk, withSmallDisk } from '../support/small-disk'
import { countEffects, effect, effectTables, newKey } from './store-effects'

const unavailable = { code: 'STORE_UNAVAILABLE' }
const note = 'x'.repeat(50_000)

async function opened(url: string): Promise<Store> {
  const store = await openStore({ url, migrations: [effectTables] })
  atEnd(() => store.close())
  return store
}

async function expectFullUntil(store: Store, makeRoom: () => Promise<void>): Promise<void> {
  const key = newKey()
  const apply = () => store.apply(key, [effect(key.id, note)])
  await expect(apply()).rejects.toMatchObject(unavailable)
  await expect(store.ping()).rejects.toMatchObject(unavailable)
  await expect(store.isDone(key)).resolves.toBe(false)
  await makeRoom()
  await expect(apply()).resolves.toBe('applied')
  expect(Number(await countEffects(store, key.id))).toBe(1)
  await eventually('it is called sound', () => store.ping().then(() => true))
}

onPostgres(() => {
  test('that is full for new rows is unavailable, though it could be pinged, and works again with room', async () => {
    const url = await freshDatabase()
    const store = await opened(url)
    await onStore(url, diskIsFullFor('effects'))
    await expectFullUntil(store, () => onStore(url, diskHasRoomFor('effects')))
  })
})

withSmallDisk('SQLite', () => {
  test('on a full disk is unavailable, and works again with room', async () => {
    const folder = smallDisk()
    const store = await opened(`sqlite:${join(folder, 'full.sqlite')}`)
    await expectFullUntil(store, fill(folder))
  })
})
