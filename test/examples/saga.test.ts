import { useBroker } from '../support/broker'
import type { Ended } from '../scripts/support/process'
import { shown } from './shown'

// What a killed consumer held of the outbox is free for others after half a minute, which the two runs wait for together.
const [broker, other] = [useBroker(), useBroker()]
let runs: readonly Ended[]

beforeAll(async () => {
  const whole = shown('saga', { brokerUrl: broker.url })
  runs = await Promise.all([whole, shown('saga', { brokerUrl: other.url, sabotage: 'keep-the-money' })])
})

test('every saga comes to a consistent end: with declined cards, without stock, with a bank that fails, and a kill', () => {
  const { code, output } = runs[0] as Ended
  expect(output).toMatch(/killed a consumer .* while [1-9]\d* sagas were not at their end/)
  expect(output).toMatch(/S-04 {2}placed → cancelled \(payment.declined\)/)
  const completed = /placed → paid \(payment.taken\) → completed \(stock.reserved\)/g
  const undone = /placed → paid \(payment.taken\) → refunding \(stock.refused\) → cancelled \(payment.refunded\)/g
  expect([output.match(completed)?.length, output.match(undone)?.length]).toEqual([8, 4])
  expect(output).toContain('saga: every promise was kept')
  expect(code).toBe(0)
})

test('says so, with exit code 1, where an order is cancelled and its money kept', () => {
  const { code, output } = runs[1] as Ended
  expect(output).toContain('not kept: payments and stock agree with every saga')
  expect(code).toBe(1)
})
