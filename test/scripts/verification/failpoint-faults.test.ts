import { producerKilledApart } from '../../../scripts/verification/faults/failpoint-faults'
import type { Stage } from '../../../scripts/verification/faults/fault'

test('a producer that is struck before it is ready, by what lay in its spool, is not waited for', async () => {
  const starts: (NodeJS.ProcessEnv | undefined)[] = []
  const producer = {
    name: 'producer',
    end: () => Promise.resolve({ code: 0, signal: null }),
    start: (settings?: NodeJS.ProcessEnv) => void starts.push(settings),
    endsByItself: () => Promise.resolve({ code: null, signal: 'SIGKILL' }),
    isReadyWithin: () => new Promise<boolean>(() => {}),
  }
  const consumer = { name: 'consumer', isReadyWithin: () => Promise.resolve(true) }
  const stage = { producer, consumer, random: () => 0, paths: [] } as unknown as Stage
  const end = await producerKilledApart('stored.sent')(stage)
  await end()
  expect(starts).toEqual([{ FAILPOINTS: 'stored.sent=kill@1' }, undefined])
})
