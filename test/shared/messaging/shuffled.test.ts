import { shuffled } from '../../../shared/messaging/rabbitmq/shuffled'
import { seededRandom } from '../../../shared/verification/seeded-random'

const hosts = ['a', 'b', 'c']

test('every order of three hosts comes about, and nothing is lost or doubled', () => {
  const random = seededRandom(1)
  const orders = Array.from({ length: 600 }, () => shuffled(hosts, random).join(''))
  const often = [...Map.groupBy(orders, (order) => order)].map(([order, all]) => [order, all.length] as const)
  expect(often.map(([order]) => order).sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
  // A hundred of each, were chance even.
  for (const [, count] of often) expect(count).toBeGreaterThan(60)
})

test('a chance that stays near 1 leaves the order as it is', () => {
  expect(shuffled(hosts, () => 0.999)).toEqual(hosts)
})
