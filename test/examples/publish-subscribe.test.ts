import { useBroker } from '../support/broker'
import { shown } from './shown'

const broker = useBroker()

test('each group has what it is for, also one that is added later, and one that fails disturbs none', async () => {
  const { code, output } = await shown('publish-subscribe', { brokerUrl: broker.url })
  expect(output).toMatch(/ newsletter: science\/on-acks, science\/on-order, science\/on-queues\n/)
  expect(output).toMatch(/ archive: science\/on-order, sports\/the-finish\n/)
  expect(output).toContain('kept: what one group cannot handle is parked for it alone')
  expect(output).toContain('publish-subscribe: every promise was kept')
  expect(code).toBe(0)
})

test('says so, with exit code 1, where the newsletter has what its rule does not let through', async () => {
  const { code, output } = await shown('publish-subscribe', { brokerUrl: broker.url, sabotage: 'no-rule' })
  expect(output).toContain('not kept: a rule lets through what it is for')
  expect(code).toBe(1)
})
