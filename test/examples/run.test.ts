import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { leftAt, show, shown } from './shown'

const broker = useBroker()

test('a name that no example has is answered with those that there are', async () => {
  const { code, output } = await shown('work-queues', { brokerUrl: broker.url })
  expect(output).toContain('there is no example "work-queues"; the examples are:')
  expect(output).toContain('work-queue ')
  expect(code).toBe(1)
})

test('Ctrl-C ends it in the middle, and nothing is left either', async () => {
  const running = show('publish-subscribe', { brokerUrl: broker.url })
  await eventually('it has begun', () => running.output().includes('started a consumer'), {
    withinMs: 90_000,
  })
  running.killGroup('SIGINT')
  const { code, output } = await running.ended
  expect(output).toContain('publish-subscribe: stopped before its end')
  expect(code).not.toBe(0)
  expect(await leftAt(broker)).toEqual([])
})
