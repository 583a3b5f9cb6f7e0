import { settled } from '../../../scripts/verification/settle'

test('a long run may have parked more letters than a function takes arguments', async () => {
  const letters = Array.from({ length: 500_000 }, (_, at) => ({
    group: 'once',
    subject: `message-${at}`,
    bodyHash: 'any',
  }))
  const looks: string[] = []
  const { parked, queued } = await settled({
    promised: letters.length,
    effects: { count: () => 0 },
    queued: () => Promise.resolve(0),
    takeParked: () => Promise.resolve(looks.length === 0 ? letters : []),
    patienceMs: 0,
    looked: (missing, queued) => looks.push(`${missing} ${queued}`),
  })
  expect([parked.length, queued]).toEqual([letters.length, 0])
  expect(looks[0]).toBe('0 0')
})
