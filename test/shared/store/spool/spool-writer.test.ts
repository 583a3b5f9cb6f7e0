/** Stored means flushed, whatever the disk does. */
import { SpoolUnavailable } from '../../../../shared/store/spool'
import { eventually } from '../../../support/eventually'
import { SimulatedFolder } from '../../../support/simulated-folder'
import { allOf, noSpace, openIn, store, textOf } from './open-in'

test('stored means flushed: no power failure after it takes it away', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  await store(spool, 'a')
  const next = await openIn(folder.afterPowerFailure(0))
  expect(await allOf(next.spool, next.found)).toEqual(['a'])
})

test('many at once share a flush', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  await store(spool, 'first')
  const before = folder.flushes
  await Promise.all(Array.from({ length: 500 }, (_, number) => store(spool, String(number))))
  expect(folder.flushes - before).toBeLessThanOrEqual(2)
})

test.each(['write', 'datasync', 'create'] as const)(
  'a %s that fails rejects, is told once, and is tried again',
  async (operation) => {
    const folder = new SimulatedFolder()
    const { spool, whatWasTold } = await openIn(folder)
    if (operation !== 'create') await store(spool, 'before')
    folder.fails = (each) => (each === operation ? noSpace() : undefined)
    const stored = [store(spool, 'a'), store(spool, 'b')]
    for (const each of await Promise.allSettled(stored))
      expect(each).toMatchObject({ status: 'rejected', reason: expect.any(SpoolUnavailable) as unknown })
    await expect(store(spool, 'c')).rejects.toThrow('ENOSPC')
    expect(spool.status().refusal).toContain('ENOSPC')
    folder.fails = () => {}
    await eventually('it takes messages again', () => spool.status().refusal === undefined)
    expect(whatWasTold()).toEqual(['failed', 'recovered'])
    const after = await store(spool, 'after')
    expect(await textOf(spool, after)).toBe('after')
  },
)

test('what could not be flushed is not found after a restart: its caller was refused', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  await store(spool, 'before')
  let failed = false
  folder.fails = (operation) => {
    if (operation !== 'datasync' || failed) return
    failed = true
    throw new Error('EIO')
  }
  const [refused] = await Promise.allSettled([store(spool, 'refused')])
  expect(refused).toMatchObject({ reason: { remains: 'no' } })
  const next = await openIn(folder.afterPowerFailure(1))
  expect(await allOf(next.spool, next.found)).toEqual(['before'])
})

test('where it cannot even be taken back, that is said', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  await store(spool, 'before')
  folder.fails = (operation) => {
    if (operation === 'datasync' || operation === 'truncate') throw new Error('EIO')
  }
  const [refused] = await Promise.allSettled([store(spool, 'refused')])
  expect(refused).toMatchObject({ reason: { remains: 'perhaps' } })
})

test('after a failed flush nothing more is written to that file', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  await store(spool, 'before')
  const written = new Set<string>()
  folder.fails = (operation) => (operation === 'datasync' ? noSpace() : undefined)
  await Promise.allSettled([store(spool, 'refused')])
  folder.fails = (operation, name) => void (operation === 'write' && written.add(name))
  await eventually('it takes messages again', () => spool.status().refusal === undefined)
  await store(spool, 'after')
  expect([...written]).toEqual(['00000002.spool'])
})

test('a write that stops short is continued', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  await store(spool, 'before')
  folder.fails = (operation) => (operation === 'write' ? 7 : undefined)
  expect(await textOf(spool, await store(spool, 'in small pieces'))).toBe('in small pieces')
})

test('wherever the power fails while it is written, all that was stored is there and nothing else', async () => {
  for (let share = 0; share <= 1; share += 0.05) {
    const folder = new SimulatedFolder()
    const { spool } = await openIn(folder)
    await store(spool, 'stored')
    let left: SimulatedFolder | undefined
    folder.fails = (operation) => {
      if (operation !== 'datasync' || left !== undefined) return
      left = folder.afterPowerFailure(share)
    }
    await store(spool, 'under way')
    const next = await openIn(left as unknown as SimulatedFolder)
    const texts = await allOf(next.spool, next.found)
    expect(texts).toEqual(share >= 1 ? ['stored', 'under way'] : ['stored'])
    expect(next.whatWasTold().filter((what) => what !== 'torn')).toEqual([])
  }
})

test('a disk that does not answer is said to be one, and takes nothing more into memory', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder, { maxBytes: 1e9, segmentBytes: 1e9 })
  const gate = Promise.withResolvers<void>()
  folder.before = (operation) => (operation === 'datasync' ? gate.promise : undefined)
  const many = Promise.allSettled(Array.from({ length: 40 }, () => store(spool, 'x'.repeat(1_000_000))))
  expect(spool.status().refusal).toBe('the disk of simulated does not keep up')
  await expect(store(spool, 'one more')).rejects.toThrow('does not keep up')
  gate.resolve()
  const taken = (await many).filter(({ status }) => status === 'fulfilled').length
  expect(taken).toBeGreaterThan(20)
  expect(taken).toBeLessThan(40)
  await store(spool, 'after')
})

test('a disk that has not answered for some seconds is said to be one', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  const gate = Promise.withResolvers<void>()
  folder.before = (operation) => (operation === 'datasync' ? gate.promise : undefined)
  const stored = store(spool, 'a')
  expect(spool.status().refusal).toBeUndefined()
  await eventually('it is told', () => spool.status().refusal === 'the disk of simulated does not keep up')
  gate.resolve()
  await stored
  expect(spool.status().refusal).toBeUndefined()
})

test('a file is not deleted under a write, though all that it holds is done', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder, { idleMs: 0 })
  const before = await store(spool, 'before')
  const gate = Promise.withResolvers<void>()
  const flushing = Promise.withResolvers<void>()
  folder.before = (operation) => {
    if (operation !== 'datasync') return
    flushing.resolve()
    return gate.promise
  }
  const under = store(spool, 'under way')
  await flushing.promise
  spool.done(before)
  // Timers of one length come in their order: that of the idle file has come before this one.
  await new Promise((resolve) => setTimeout(resolve, 0))
  gate.resolve()
  expect(await textOf(spool, await under)).toBe('under way')
  await spool.close()
  const next = await openIn(folder)
  expect(await allOf(next.spool, next.found)).toEqual(['under way'])
})

test('a write that fails while it closes is not tried again: the folder is another one by then', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder, { retryMs: 0 })
  folder.fails = (operation) => (operation === 'datasync' ? noSpace() : undefined)
  const stored = Promise.allSettled([store(spool, 'a')])
  const made: string[] = []
  await Promise.all([stored, spool.close()])
  folder.fails = (operation, name) => void (operation === 'create' && made.push(name))
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(made).toEqual([])
})
