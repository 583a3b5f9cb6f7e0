import { useBroker } from '../support/broker'
import { shown } from './shown'

const broker = useBroker()

test('a signed webhook reaches the groups whose rules want it, and a forged one nobody', async () => {
  const { code, output } = await shown('webhook-fan-out', { brokerUrl: broker.url })
  expect(output).toContain('push with a forged signature: 401')
  expect(output).toMatch(/ deploy: d-1\n.* announce: d-3\n.* audit: d-1, d-2, d-3, d-4\n/)
  expect(output).toContain('webhook-fan-out: every promise was kept')
  expect(code).toBe(0)
})

test('says so, with exit code 1, where a push to any branch is deployed', async () => {
  const { code, output } = await shown('webhook-fan-out', { brokerUrl: broker.url, sabotage: 'any-push' })
  expect(output).toContain("not kept: a push to main is deployed; wanted [ 'd-1' ], found [ 'd-1', 'd-2' ]")
  expect(code).toBe(1)
})
