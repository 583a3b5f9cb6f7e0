/** A service is killed while it cleans its store: what is old goes in the end, what is not stays. */
import { openStore } from '../../../shared/store/open-store'
import { useBroker } from '../../support/broker'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'
import { freshDatabase, onPostgres } from '../../support/on-postgres'
import { onStore } from '../../support/on-store'
import { startService } from '../../support/service'
import { temporaryStoreUrl } from '../../support/temporary-store'
import { isKilled } from './kill-stage'

const broker = useBroker()
// More than one batch, and more than two.
const old = 1_200

describe('SQLite', () => killsOfCleaning('lite-cleaning', temporaryStoreUrl))
onPostgres(() => killsOfCleaning('pg-cleaning', freshDatabase))

function killsOfCleaning(namespace: string, url: () => Promise<string>): void {
  test.each(['consumer', 'producer'] as const)('%s', async (name) => {
    const storeUrl = await url()
    const store = await openStore({ url: storeUrl, migrations: [] })
    atEnd(() => store.close())
    await onStore(storeUrl, rowsOf('old', "'2020-01-01T00:00:00Z'"))
    await onStore(storeUrl, rowsOf('fresh', "'2999-01-01T00:00:00Z'"))
    const count = async (kind: string) =>
      (await store.query('select 1 from handoff_inbox where source = $1', [kind])).length
    const settings = { BROKER_URL: broker.url, STORE_URL: storeUrl, NAMESPACE: `${namespace}-${name}` }
    await isKilled(await startService(name, { ...settings, FAILPOINTS: 'store.cleaned=kill' }, { until: 'spawned' }))
    expect(await count('old')).toBe(old - 500)
    await startService(name, settings)
    await eventually('what is old is gone', async () => (await count('old')) === 0)
    expect(await count('fresh')).toBe(old)
  })
}

function rowsOf(source: string, doneAt: string): string {
  const numbers = `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${old})`
  return `insert into handoff_inbox (group_name, source, id, done_at)
    ${numbers} select 'ledger', '${source}', cast(i as text), ${doneAt} from n`
}
