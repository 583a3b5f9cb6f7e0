import { useBroker } from '../support/broker'
import { shown } from './shown'

const broker = useBroker()

test('who waits has the result or the reason, and a consumer killed meanwhile costs no work', async () => {
  const { code, output } = await shown('request-reply', { brokerUrl: broker.url })
  expect(output).toContain('three lamps: 200 {"quoteId":"Q-lamps","totalCents":12600}')
  expect(output).toContain('a unicorn: 422 "nobody sells \\"unicorn\\""')
  expect(output).toContain('an organ, waited for one second: 202\n')
  expect(output).toMatch(/killed the consumer .* while [1-9]\d* of 24 quotes were open/)
  expect(output).toContain('request-reply: every promise was kept')
  expect(code).toBe(0)
})

test('says so, with exit code 1, where a result does not come back', async () => {
  const { code, output } = await shown('request-reply', { brokerUrl: broker.url, sabotage: 'no-result' })
  expect(output).toContain('not kept: who waits has what the handler returned')
  expect(code).toBe(1)
})
