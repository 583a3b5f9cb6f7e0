import { readConfig } from '../../../services/consumer/config'

const read = (environment: Readonly<Record<string, string>>) => readConfig({ environment })
const FOLLOW_TABLES = 'public.orders:orders.changed, shop.customers:customers.changed'

test('tables are read one by one, from the database of the store where none is named', () => {
  const config = read({ FOLLOW_TABLES, STORE_URL: 'postgres://localhost/shop' })
  expect(config.FOLLOW_TABLES).toEqual(['public.orders:orders.changed', 'shop.customers:customers.changed'])
})

test.each([
  [{ FOLLOW_TABLES }, 'FOLLOW_TABLES needs FOLLOW_URL'],
  [{ FOLLOW_TABLES: 'orders:orders.changed', FOLLOW_URL: 'postgres://localhost/shop' }, 'FOLLOW_TABLES'],
  [{ FOLLOW_TABLES: 'a.b:one,a.b:two', FOLLOW_URL: 'postgres://localhost/shop' }, 'FOLLOW_TABLES names a.b twice'],
  [{ FOLLOW_TABLES, FOLLOW_URL: 'postgres://localhost/shop', NAMESPACE: 'n'.repeat(60) }, 'set FOLLOW_SLOT'],
  [{ FOLLOW_SLOT: 'Not-A-Slot' }, 'FOLLOW_SLOT'],
])('%j is refused', (environment, why) => {
  expect(() => read(environment)).toThrow(why)
})
