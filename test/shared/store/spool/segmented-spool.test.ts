/** What is kept, for how long, and for how much there is room. */
import type { Kept } from '../../../../shared/store/spool'
import { eventually } from '../../../support/eventually'
import { SimulatedFolder } from '../../../support/simulated-folder'
import { allOf, filesOf, openIn, store, textOf } from './open-in'

test('what was stored is read again, and found after a restart in its order', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  const kept = [await store(spool, 'a'), await store(spool, 'b')]
  expect(await allOf(spool, kept)).toEqual(['a', 'b'])
  expect(spool.status()).toMatchObject({ messages: 2, refusal: undefined })
  await spool.close()
  const next = await openIn(folder)
  expect(await allOf(next.spool, next.found)).toEqual(['a', 'b'])
  expect(next.found[0]).toMatchObject({ lane: 'type hello', length: 1 })
})

test('what is done is not found again, and nothing is left on the disk once all is', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  const a = await store(spool, 'a')
  await store(spool, 'b')
  spool.done(a)
  spool.done(a)
  await spool.close()
  const next = await openIn(folder)
  expect(await allOf(next.spool, next.found)).toEqual(['b'])
  next.spool.done(next.found[0] as Kept)
  await next.spool.close()
  expect(await folder.names()).toEqual([])
})

test('a segment whose entries are done is deleted while others are kept', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder, { segmentBytes: 40 })
  const [a, b] = [await store(spool, 'a'), await store(spool, 'b')]
  expect(await filesOf(folder, '.spool')).toHaveLength(2)
  spool.done(a)
  await eventually('the first file is gone', async () => (await filesOf(folder, '.spool')).length === 1)
  expect(await textOf(spool, b)).toBe('b')
})

test('sent messages do not lie on the disk for long', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  spool.done(await store(spool, 'secret'))
  await eventually('no file is left', async () => (await folder.names()).length === 0)
  expect(await textOf(spool, await store(spool, 'next'))).toBe('next')
})

test('an entry that is damaged after the start is found out when it is read', async () => {
  const folder = new SimulatedFolder()
  const { spool, whatWasTold } = await openIn(folder)
  const kept = await store(spool, 'bad')
  folder.alter('00000001.spool', (bytes) => Buffer.from(bytes.toString('latin1').replace('bad', 'bed'), 'latin1'))
  expect(await spool.read(kept)).toBeUndefined()
  expect(whatWasTold()).toEqual(['damaged'])
  expect(spool.status()).toMatchObject({
    messages: 0,
    damagedFiles: [expect.stringMatching(/^00000001-\d+\.damaged$/)],
  })
})

test('what has no room is refused with the limit, and taken once there is room', async () => {
  const { spool } = await openIn(new SimulatedFolder(), { maxBytes: 400, segmentBytes: 60 })
  const large = await store(spool, 'x'.repeat(250))
  await expect(store(spool, 'x'.repeat(250))).rejects.toThrow(/has \d+ of the 400 bytes that SPOOL_MAX_BYTES allows/)
  expect(await textOf(spool, await store(spool, 'small'))).toBe('small')
  spool.done(large)
  await expect(store(spool, 'x'.repeat(250))).resolves.toMatchObject({ length: 250 })
})

test('of many at once no more are taken than there is room for', async () => {
  const { spool } = await openIn(new SimulatedFolder(), { maxBytes: 2_000, segmentBytes: 500 })
  await Promise.allSettled(Array.from({ length: 100 }, () => store(spool, 'x'.repeat(100))))
  expect(spool.status().messages).toBeGreaterThan(5)
  expect(spool.status().bytes).toBeLessThanOrEqual(2_000)
})

test('closing writes what is under way, refuses what comes, and gives the folder up once', async () => {
  const folder = new SimulatedFolder()
  const { spool, unlocked } = await openIn(folder)
  const stored = store(spool, 'a')
  const closed = spool.close()
  await expect(store(spool, 'b')).rejects.toThrow('the spool is closed')
  await stored
  await Promise.all([closed, spool.close()])
  expect(unlocked()).toBe(true)
  const next = await openIn(folder)
  expect(await allOf(next.spool, next.found)).toEqual(['a'])
})

test('the oldest is as old as the first that is not done', async () => {
  const { spool } = await openIn(new SimulatedFolder())
  const before = Date.now()
  const kept = await store(spool, 'a')
  expect(spool.status().oldestAtMs).toBeGreaterThanOrEqual(before)
  spool.done(kept)
  expect(spool.status().oldestAtMs).toBeUndefined()
})

test('a steady flow through one file does not make the oldest older than it is', async () => {
  const { spool } = await openIn(new SimulatedFolder())
  let before = await store(spool, 'first')
  for (let number = 0; number < 20; number++) {
    const next = await store(spool, String(number))
    spool.done(before)
    before = next
  }
  expect(spool.status()).toMatchObject({ messages: 1, oldestAtMs: before.storedAtMs })
})

test('a message that is larger than the whole spool is refused, and the spool is not full', async () => {
  const { spool } = await openIn(new SimulatedFolder(), { maxBytes: 400 })
  await expect(store(spool, 'x'.repeat(500))).rejects.toThrow(
    /its \d+ bytes are more than the 400 that SPOOL_MAX_BYTES allows/,
  )
  expect(spool.status().refusal).toBeUndefined()
  await store(spool, 'small')
})

test('what is being flushed counts against the limit', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder, { maxBytes: 600 })
  await store(spool, 'first')
  const flushing = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  folder.before = (operation) => {
    if (operation !== 'datasync') return
    flushing.resolve()
    return gate.promise
  }
  const under = store(spool, 'x'.repeat(300))
  await flushing.promise
  await expect(store(spool, 'x'.repeat(300))).rejects.toThrow('the spool is full')
  gate.resolve()
  await under
})

test('a sector that cannot be read costs no record beside it', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  const kept = [await store(spool, 'a'), await store(spool, 'b')]
  let failures = 1
  folder.fails = (operation) => {
    if (operation === 'read' && failures-- > 0) throw new Error('EIO')
  }
  expect(await allOf(spool, kept)).toEqual(['a', 'b'])
})
