import { Lifecycle } from '../../../shared/runtime/lifecycle'

test('takes the parts apart backwards, one after the other, once', async () => {
  const lifecycle = new Lifecycle()
  const order: string[] = []
  for (const name of ['store', 'broker', 'http'])
    lifecycle.add(name, async () => {
      order.push(`${name} begins`)
      await Promise.resolve()
      order.push(`${name} ends`)
    })
  const first = lifecycle.stop()
  expect(lifecycle.stop()).toBe(first)
  await first
  expect(order).toEqual(['http', 'broker', 'store'].flatMap((name) => [`${name} begins`, `${name} ends`]))
})

test('goes on when parts fail and tells all failures together', async () => {
  const lifecycle = new Lifecycle()
  const stopped: string[] = []
  lifecycle.add('store', () => void stopped.push('store'))
  lifecycle.add('broker', () => Promise.reject(new Error('cut')))
  lifecycle.add('http', () => {
    throw new Error('stuck')
  })
  const error: unknown = await lifecycle.stop().catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(AggregateError)
  expect((error as AggregateError).message).toMatch(/http did not stop cleanly; broker did not stop cleanly/)
  expect((error as AggregateError).errors.map(({ cause }: Error) => (cause as Error).message)).toEqual(['stuck', 'cut'])
  expect(stopped).toEqual(['store'])
})

test('a part that is added while it stops is stopped too', async () => {
  const lifecycle = new Lifecycle()
  const stopped: string[] = []
  lifecycle.add('first', () => lifecycle.add('late', () => void stopped.push('late')))
  await lifecycle.stop()
  expect(stopped).toEqual(['late'])
})
