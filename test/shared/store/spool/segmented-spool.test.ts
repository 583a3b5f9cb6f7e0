import { readFolder } from '../../../../shared/store/spool/read-folder'
import { SegmentedSpool } from '../../../../shared/store/spool/segmented-spool'
import { SpoolUnavailable, type Kept, type Spool, type SpoolEvents } from '../../../../shared/store/spool'
import { atEnd } from '../../../support/ends'
import { eventually } from '../../../support/eventually'
import { SimulatedFolder } from '../../../support/simulated-folder'

interface Told {
  readonly what: keyof SpoolEvents
  readonly facts: unknown
}

async function openIn(
  folder: SimulatedFolder,
  limits: { maxBytes?: number; segmentBytes?: number; retryMs?: number } = {},
) {
  const told: Told[] = []
  const tell = (what: keyof SpoolEvents) => (facts?: unknown) => void told.push({ what, facts })
  const events = { damaged: tell('damaged'), torn: tell('torn'), failed: tell('failed'), recovered: tell('recovered') }
  const found = await readFolder(folder, events)
  let unlocked = false
  const spool = new SegmentedSpool(
    {
      folder,
      limits: { maxBytes: 10_000_000, segmentBytes: 1_000_000, retryMs: 10, idleMs: 10, ...limits },
      events,
      nowMs: Date.now,
      unlock: () => {
        unlocked = true
      },
    },
    found,
  )
  atEnd(() => spool.close())
  return {
    spool,
    found: spool.adopt(found),
    told,
    whatWasTold: () => told.map(({ what }) => what),
    unlocked: () => unlocked,
  }
}

const store = (spool: Spool, text: string) => spool.append({ lane: 'type hello', bytes: Buffer.from(text) })
const textOf = async (spool: Spool, kept: Kept) => (await spool.read(kept))?.toString()
const allOf = (spool: Spool, kept: readonly Kept[]) => Promise.all(kept.map((each) => textOf(spool, each)))
const filesOf = async (folder: SimulatedFolder, end: string) =>
  (await folder.names()).filter((name) => name.endsWith(end))
const noSpace = () => {
  throw new Error('ENOSPC: no space left on device')
}

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

test('a mark that was lost brings its entry back, never another one', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  const kept = [await store(spool, 'a'), await store(spool, 'b'), await store(spool, 'c')]
  for (const each of kept.slice(0, 2)) spool.done(each)
  await spool.close()
  const [marks = ''] = await filesOf(folder, '.done')
  folder.alter(marks, (bytes) => bytes.subarray(0, 12))
  const next = await openIn(folder)
  expect(await allOf(next.spool, next.found)).toEqual(['b', 'c'])
})

test('marks without their segment count for no later one', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  const kept = [await store(spool, 'a'), await store(spool, 'b')]
  spool.done(kept[0] as Kept)
  await spool.close()
  const [segment = ''] = await filesOf(folder, '.spool')
  await folder.remove(segment)
  const next = await openIn(folder)
  expect(await filesOf(folder, '.done')).toEqual([])
  await store(next.spool, 'new')
  expect(await filesOf(folder, '.spool')).toEqual(['00000002.spool'])
})

test('the torn end of a file is cut off and counted, and the rest is there', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  await store(spool, 'a')
  await store(spool, 'b')
  await spool.close()
  folder.alter('00000001.spool', (bytes) => bytes.subarray(0, bytes.length - 3))
  const next = await openIn(folder)
  expect(await allOf(next.spool, next.found)).toEqual(['a'])
  expect(next.told).toEqual([{ what: 'torn', facts: { file: '00000001.spool', bytes: 34 } }])
  await next.spool.close()
  expect((await openIn(folder)).told).toEqual([])
})

test('a damaged entry is set aside and told at each start until a person has taken it away; the rest is read', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  for (const text of ['a', 'bad', 'c']) await store(spool, text)
  await spool.close()
  folder.alter('00000001.spool', (bytes) => Buffer.from(bytes.toString('latin1').replace('bad', 'bed'), 'latin1'))
  const next = await openIn(folder)
  expect(await allOf(next.spool, next.found)).toEqual(['a', 'c'])
  expect(next.whatWasTold()).toEqual(['damaged'])
  const [file = ''] = next.spool.status().damagedFiles
  expect((await folder.contents(file)).toString('latin1')).toContain('bed')
  for (const kept of next.found) next.spool.done(kept)
  await next.spool.close()
  expect((await openIn(folder)).spool.status().damagedFiles).toEqual([file])
  await folder.remove(file)
  expect((await openIn(folder)).spool.status().damagedFiles).toEqual([])
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

test('a file of another version stops the start with its name', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  await store(spool, 'a')
  await spool.close()
  folder.alter('00000001.spool', (bytes) =>
    Buffer.from(bytes.toString('latin1').replace('SPOOL 1 1', 'SPOOL 2 2'), 'latin1'),
  )
  await expect(openIn(folder)).rejects.toThrow(
    '00000001.spool is in format 2, of another version; send what is in it with that version first',
  )
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

test('a header with a bit that has turned hides nothing', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  await store(spool, 'a')
  await spool.close()
  folder.alter('00000001.spool', (bytes) => Buffer.from(bytes.toString('latin1').replace('1 1', '3 1'), 'latin1'))
  const next = await openIn(folder)
  expect(await allOf(next.spool, next.found)).toEqual(['a'])
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

test('an unreadable file stops nothing else, stays, and is told', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder, { segmentBytes: 40 })
  for (const text of ['a', 'b']) await store(spool, text)
  await spool.close()
  folder.fails = (operation, name) => {
    if (operation === 'contents' && name === '00000001.spool') throw new Error('EIO')
  }
  const next = await openIn(folder)
  expect(await allOf(next.spool, next.found)).toEqual(['b'])
  expect(next.told).toEqual([
    { what: 'damaged', facts: { file: '00000001.spool', bytes: 0, why: 'cannot be read: EIO' } },
  ])
  expect(next.spool.status().damagedFiles).toEqual(['00000001.spool'])
  expect(await textOf(next.spool, await store(next.spool, 'c'))).toBe('c')
  expect(await filesOf(folder, '.spool')).toContain('00000001.spool')
})

test('where there is no room to set damage aside, the file is kept and the rest is sent', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  for (const text of ['a', 'bad', 'c']) await store(spool, text)
  await spool.close()
  folder.alter('00000001.spool', (bytes) => Buffer.from(bytes.toString('latin1').replace('bad', 'bed'), 'latin1'))
  folder.fails = (operation, name) => (operation === 'write' && name.endsWith('.damaged') ? noSpace() : undefined)
  const next = await openIn(folder)
  expect(await allOf(next.spool, next.found)).toEqual(['a', 'c'])
  for (const kept of next.found) next.spool.done(kept)
  await next.spool.close()
  expect((await folder.contents('00000001.spool')).toString('latin1')).toContain('bed')
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

test('what was sent before it was damaged is not told, and what was set aside is told once', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  const [sent] = [await store(spool, 'sent'), await store(spool, 'bad'), await store(spool, 'left')]
  spool.done(sent)
  await spool.close()
  const turn = (from: string, to: string) =>
    folder.alter('00000001.spool', (bytes) => Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1'))
  turn('sent', 'sant')
  turn('bad', 'bed')
  const next = await openIn(folder)
  expect(next.whatWasTold()).toEqual(['damaged'])
  await next.spool.close()
  for (const file of next.spool.status().damagedFiles) await folder.remove(file)
  expect((await openIn(folder)).whatWasTold()).toEqual([])
})

test('a file that was being made when all ended is no damage', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  let left: SimulatedFolder | undefined
  folder.fails = (operation) => {
    if (operation === 'truncate') left ??= folder.afterPowerFailure(1)
  }
  await store(spool, 'a')
  const next = await openIn(left as unknown as SimulatedFolder)
  expect([next.found, next.told]).toEqual([[], []])
})

test('damage that begins in a record that was sent hides none of what it reaches into', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  const sent = await store(spool, 'sent')
  for (const text of ['bad', 'left']) await store(spool, text)
  spool.done(sent)
  await spool.close()
  folder.alter('00000001.spool', (bytes) => {
    const begin = bytes.indexOf('HS\n') - 1
    bytes.writeUInt8(0, begin)
    return Buffer.from(bytes.toString('latin1').replace('bad', 'bed'), 'latin1')
  })
  const next = await openIn(folder)
  expect(next.whatWasTold()).toEqual(['damaged'])
  expect(await allOf(next.spool, next.found)).toEqual(['left'])
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
