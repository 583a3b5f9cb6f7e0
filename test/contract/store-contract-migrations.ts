import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '../../shared/store/store'
import type { OpenStore } from './store-effects'

/** Each file runs once, whoever starts at the same time. */
export function migrationContract(open: OpenStore): void {
  describe('migrations', () => {
    let root: string
    const stores: Store[] = []
    beforeEach(async () => {
      root = await mkdtemp(join(tmpdir(), 'handoff-migrations-'))
    })
    afterEach(async () => {
      await Promise.all(stores.splice(0).map((store) => store.close()))
      await rm(root, { recursive: true })
    })

    async function folder(name: string, files: Readonly<Record<string, string>>): Promise<string> {
      const path = join(root, name)
      await mkdir(path)
      for (const [file, sql] of Object.entries(files)) await writeFile(join(path, file), sql)
      return path
    }

    async function opened(folders: readonly string[]): Promise<Store> {
      const store = await open(folders)
      stores.push(store)
      return store
    }

    const counting = {
      '001-make.sql': 'create table NAME (id bigint); insert into NAME values (1);',
      '002-more.sql': 'insert into NAME values (2);',
    }
    const filesFor = (table: string) =>
      Object.fromEntries(Object.entries(counting).map(([name, sql]) => [name, sql.replaceAll('NAME', table)]))

    it('run once, in order, however often the store is opened', async () => {
      const path = await folder('again', filesFor('again'))
      await opened([path])
      const store = await opened([path])
      await expect(store.query('select id from again order by id')).resolves.toEqual([{ id: 1 }, { id: 2 }])
    })

    it('run once when four open at the same time', async () => {
      const path = await folder('racing', filesFor('racing'))
      const [store] = await Promise.all(Array.from({ length: 4 }, () => opened([path])))
      await expect(store?.query('select id from racing order by id')).resolves.toEqual([{ id: 1 }, { id: 2 }])
    })

    it('of equal names run for each folder', async () => {
      const left = await folder('left', filesFor('left_rows'))
      const right = await folder('right', filesFor('right_rows'))
      const store = await opened([left, right])
      const rows = await store.query(
        'select (select count(*) from left_rows) + (select count(*) from right_rows) as number',
      )
      expect(rows).toEqual([{ number: 4 }])
    })

    it('that fail leave nothing behind, are named, and may be corrected', async () => {
      const broken = { '001-broken.sql': 'create table mended (id bigint); insert into nowhere values (1);' }
      const path = await folder('broken', broken)
      await expect(open([path])).rejects.toThrow(/The migration .*\/broken\/001-broken\.sql failed: .*nowhere/)
      await writeFile(join(path, '001-broken.sql'), 'create table mended (id bigint);')
      const store = await opened([path])
      await expect(store.query('select id from mended')).resolves.toEqual([])
    })

    it('need a folder and numbers', async () => {
      await expect(open([join(root, 'missing')])).rejects.toThrow(/The migrations folder .*missing cannot be read/)
      const path = await folder('stray', { 'orders.sql': 'select 1' })
      await expect(open([path])).rejects.toThrow('orders.sql has no number')
    })
  })
}
