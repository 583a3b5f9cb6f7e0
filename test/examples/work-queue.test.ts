import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { show, shown } from './shown'

const broker = useBroker()

/** Names of objects at the broker that an example has left. */
async function left(): Promise<readonly string[]> {
  const found = [...(await broker.management.queues()), ...(await broker.management.exchanges())]
  return found.map(({ name }) => name).filter((name) => name.startsWith('example-'))
}

test('three consumers share the work, one is killed, each image is resized once, and nothing is left', async () => {
  const { code, output } = await shown('work-queue', { brokerUrl: broker.url })
  expect(output).toMatch(/killed the second consumer .* while [1-9]\d* images were still open/)
  expect(output).toContain('kept: each image was resized once')
  for (const name of ['first', 'second', 'third']) expect(output).toMatch(new RegExp(`the ${name} consumer did [1-9]`))
  expect(output).toContain('work-queue: every promise was kept')
  expect(code).toBe(0)
  const names = [...(await broker.management.queues()), ...(await broker.management.exchanges())].map(
    ({ name }) => name,
  )
  expect(names.filter((name) => name.startsWith('example-'))).toEqual([])
})

test('says so, with exit code 1, where an image is resized twice', async () => {
  const { code, output } = await shown('work-queue', { brokerUrl: broker.url, sabotage: 'resize-twice' })
  expect(output).toContain('not kept: each image was resized once')
  expect(code).toBe(1)
})

test('a name that no example has is answered with those that there are', async () => {
  const { code, output } = await shown('work-queues', { brokerUrl: broker.url })
  expect(output).toContain('there is no example "work-queues"; the examples are:')
  expect(output).toContain('work-queue ')
  expect(code).toBe(1)
})

test('Ctrl-C ends it in the middle, and nothing is left either', async () => {
  const running = show('work-queue', { brokerUrl: broker.url })
  await eventually('it has begun', () => running.output().includes('started a consumer'))
  running.killGroup('SIGINT')
  const { code, output } = await running.ended
  expect(output).toContain('work-queue: stopped before its end')
  expect(code).not.toBe(0)
  expect(await left()).toEqual([])
})
