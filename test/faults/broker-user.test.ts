/** The broker's user is replaced, or taken away, under live services: nothing is lost, and who is locked out says so. */
import type { MessagePage } from '../../services/console/views/message-row'
import { order, post, startPair } from '../e2e/pair'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { figureWithin } from '../support/figures'
import { startLedger } from '../support/ledger/ledger'
import { useOwnBroker } from '../support/own-broker'
import { proxiedBroker } from '../support/proxied-broker'
import { startService } from '../support/service'
import { eventuallySays } from './ready'

const broker = useOwnBroker()

async function addUser(name: string): Promise<URL> {
  await broker.ctl('add_user', name, 'secret')
  await broker.ctl('set_permissions', '-p', '/', name, '.*', '.*', '.*')
  const url = new URL(broker.url)
  url.username = name
  url.password = 'secret'
  return url
}

const deleteUser = (name: string) => broker.ctl('delete_user', name)

test('a second user takes over under load, and the first is deleted: nothing is lost, both pairs say how they are', async () => {
  const [old, next] = [await addUser('old'), await addUser('next')]
  atEnd(() => deleteUser('next'))
  const pair = await startPair(old.href, { NAMESPACE: 'rotated' })
  const ledger = await startLedger(broker, pair)
  let { url } = pair.producer
  const load = ledger.send(() => url, 'rotated')
  await eventually('the load is under way', () => load.accepted() > 100)
  const second = await startPair(next.href, { NAMESPACE: 'rotated', STORE_URL: pair.storeUrl })
  url = second.producer.url
  await deleteUser('old')
  const before = load.accepted()
  await eventually('the second pair has the load', () => load.accepted() > before + 200)
  for (const service of [pair.producer, pair.consumer]) await eventuallySays(service, 'not_ready')
  for (const service of [second.producer, second.consumer]) await eventuallySays(service, 'ready')
  await load.finish()
  await ledger.expectHonest()
})

test('a service whose user is deleted says so, asks with pauses, and is back with the user', async () => {
  const { proxy, url } = await proxiedBroker((await addUser('gone')).href)
  const env = { BROKER_URL: url, NAMESPACE: 'gone' }
  const services = await Promise.all([startService('consumer', env), startService('producer', env)])
  await deleteUser('gone')
  for (const service of services)
    await eventually('the refusal is told', async () => {
      const { checks } = await eventuallySays(service, 'not_ready')
      return checks['broker']?.detail.includes('ACCESS_REFUSED')
    })
  const [tried, startedAt] = [proxy.tried(), performance.now()]
  await eventually('it has tried often', () => proxy.tried() >= tried + 20)
  expect(performance.now() - startedAt).toBeGreaterThan(500)
  await addUser('gone')
  atEnd(() => deleteUser('gone'))
  const backAt = performance.now()
  for (const service of services) await eventuallySays(service, 'ready')
  figureWithin('both ready after their user was made again', backAt, 10_000)
})

test('a console with the rights that its document names waits for the journal, and then sees each message', async () => {
  const rights = ['^$', '^rights\\.(requeue|journal)\\.v1$', '^rights\\.([a-z0-9-]+\\.dead\\.v[0-9]+|journal\\.v1)$']
  const url = await addUser('looker')
  await broker.ctl('set_permissions', '-p', '/', 'looker', ...rights)
  atEnd(() => deleteUser('looker'))
  // Nothing is declared yet, and it may declare nothing.
  const console = await startService('console', { BROKER_URL: url.href, NAMESPACE: 'rights' }, { until: 'spawned' })
  const missed = () => console.logs.filter(({ msg }) => String(msg).includes('journal reader'))
  await eventually('the journal is missed', () => missed().length > 0)
  const pair = await startPair(broker.url, { NAMESPACE: 'rights' })
  const { body } = await post(`${pair.producer.url}/messages/order.placed`, order('R-1'))
  await eventually(
    'the message is seen to its end',
    async () => {
      const { rows } = (await (await fetch(`${console.url}/messages`)).json()) as MessagePage
      return rows.some(({ id, state }) => id === body['id'] && state === 'processed')
    },
    { withinMs: 60_000 },
  )
  expect(missed()).toHaveLength(1)
})
