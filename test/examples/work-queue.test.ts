import { useBroker } from '../support/broker'
import { leftAt, shown } from './shown'

const broker = useBroker()

test('three consumers share the work, one is killed, each image is resized once, and nothing is left', async () => {
  const { code, output } = await shown('work-queue', { brokerUrl: broker.url })
  expect(output).toMatch(/killed the second consumer .* while [1-9]\d* images were still open/)
  expect(output).toContain('kept: each image was resized once')
  for (const name of ['first', 'second', 'third']) expect(output).toMatch(new RegExp(`the ${name} consumer did [1-9]`))
  expect(output).toContain('work-queue: every promise was kept')
  expect(code).toBe(0)
  expect(await leftAt(broker)).toEqual([])
})

test('says so, with exit code 1, where an image is resized twice', async () => {
  const { code, output } = await shown('work-queue', { brokerUrl: broker.url, sabotage: 'resize-twice' })
  expect(output).toContain('not kept: each image was resized once')
  expect(code).toBe(1)
})
