import { weighed } from '../../../../services/consumer/around/weighed'
import type { EndedRun } from '../../../../services/consumer/load/group-load'
import { Reject } from '../../../../services/consumer/reject'
import { Closing, TimeLimitExceeded, type Job } from '../../../../services/consumer/work'
import { StoreUnavailable } from '../../../../shared/store/store'
import { ManualClock } from '../../../support/manual-clock'

async function noted(end: () => Promise<void>, signal = new AbortController().signal): Promise<EndedRun | undefined> {
  const clock = new ManualClock()
  let ended: EndedRun | undefined
  const run = async () => {
    await clock.pass(120)
    await end()
  }
  const job = { handler: { type: { name: 'pay' } }, signal } as unknown as Job
  await weighed(run, { note: (_, how) => (ended = how) }, clock)(job, {} as never).catch(() => {})
  return ended
}

test('a handler that returns ended well, and its time is told', async () => {
  expect(await noted(() => Promise.resolve())).toEqual({ type: 'pay', ms: 120, ended: 'well' })
})

test.each([new Error('down'), new TimeLimitExceeded('late')])('%s is a failure', async (error) => {
  expect(await noted(() => Promise.reject(error))).toEqual({ type: 'pay', ms: 120, ended: 'failed', error })
})

test('what is no Error is a failure, too', async () => {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what a handler might do
  expect(await noted(() => Promise.reject('down'))).toMatchObject({
    ended: 'failed',
    error: expect.any(Error) as Error,
  })
})

test.each([new Reject('no'), new StoreUnavailable('away'), new Closing('closing')])(
  '%s says nothing of a dependency',
  async (error) => {
    expect(await noted(() => Promise.reject(error))).toEqual({ type: 'pay', ms: 120, ended: 'otherwise' })
  },
)

test('neither does what is thrown once the consumer closes', async () => {
  const error = new Error('aborted')
  expect(await noted(() => Promise.reject(error), AbortSignal.abort())).toMatchObject({ ended: 'otherwise' })
})
