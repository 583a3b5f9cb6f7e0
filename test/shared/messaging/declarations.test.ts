import { isMissing } from '../../../shared/messaging/rabbitmq/declarations'
import type { Link, OpenChannel } from '../../../shared/messaging/rabbitmq/link'

/** Looks for something whose passive declare the broker refuses with these words. */
function lookRefused(what: 'queue' | 'exchange', code: number, words: string): Promise<boolean> {
  const refusal = Object.assign(new Error(`Channel closed by server: ${code} with message "${words}"`), { code })
  const link = { lostReason: undefined, ask: () => Promise.reject(refusal) } as unknown as Link
  const channel = { raw: {}, fail: () => {} } as unknown as OpenChannel
  return isMissing(link, channel, { what, name: 'q', look: () => {} })
}

test.each(['queue', 'exchange'] as const)(
  'a %s of which the broker says that there is none is missing',
  async (what) => {
    expect(await lookRefused(what, 404, `NOT_FOUND - no ${what} 'q' in vhost '/'`)).toBe(true)
  },
)

test.each([
  `NOT_FOUND - failed to perform operation on queue 'q' in vhost '/' due to timeout`,
  `NOT_FOUND - home node 'rabbit@two' of durable queue 'q' in vhost '/' is down or inaccessible`,
])('a queue that is there and cannot be asked is not missing: %s', async (words) => {
  await expect(lookRefused('queue', 404, words)).rejects.toThrow(words)
})

test('another refusal says nothing of whether it is there', async () => {
  expect(await lookRefused('queue', 405, `RESOURCE_LOCKED - cannot obtain exclusive access`)).toBe(false)
})
