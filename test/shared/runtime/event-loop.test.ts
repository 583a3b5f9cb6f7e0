import { eventLoopCheck, watchEventLoop } from '../../../shared/runtime/event-loop'
import { atEnd } from '../../support/ends'

test('an event loop that is late fails the check and says by how much', () => {
  expect(eventLoopCheck(20)).toEqual({ status: 'ok', detail: '99 % of its turns come within 20 ms' })
  expect(eventLoopCheck(251)).toMatchObject({ status: 'failed', detail: expect.stringContaining('251 ms') as string })
})

test('nothing is held against a process that has just begun', () => {
  const watch = watchEventLoop()
  atEnd(watch.close)
  expect(watch.check().status).toBe('ok')
})
