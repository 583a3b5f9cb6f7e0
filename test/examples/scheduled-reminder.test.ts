import { useBroker } from '../support/broker'
import { shown } from './shown'

const broker = useBroker()

test('reminders come when they are due, or never where they were cancelled or are of no use, and the digest once', async () => {
  const { code, output } = await shown('scheduled-reminder', { brokerUrl: broker.url })
  expect(output).toMatch(/ reminded: call the bank\n.* reminded: pay the rent\n.* reminded: water the plants\n/)
  expect(output).toMatch(/ planned times that two producers have fired: 1, \S+T07:00:00.000Z\n/)
  expect(output).toContain('scheduled-reminder: every promise was kept')
  expect(code).toBe(0)
})

test('says so, with exit code 1, where nothing waits', async () => {
  const { code, output } = await shown('scheduled-reminder', { brokerUrl: broker.url, sabotage: 'no-delay' })
  expect(output).toContain('not kept: nothing reminds before it is due')
  expect(code).toBe(1)
})
