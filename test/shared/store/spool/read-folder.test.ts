/** What an earlier process has left, whole or not. */
import type { Kept } from '../../../../shared/store/spool'
import { readFolder } from '../../../../shared/store/spool/read-folder'
import { SimulatedFolder } from '../../../support/simulated-folder'
import { allOf, filesOf, noSpace, openIn, store, textOf } from './open-in'

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

test('a header with a bit that has turned hides nothing', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  await store(spool, 'a')
  await spool.close()
  folder.alter('00000001.spool', (bytes) => Buffer.from(bytes.toString('latin1').replace('1 1', '3 1'), 'latin1'))
  const next = await openIn(folder)
  expect(await allOf(next.spool, next.found)).toEqual(['a'])
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

test('marks that cannot be read are told and count as none: what was sent is sent once more, and nothing is left out', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  const [sent] = [await store(spool, 'sent'), await store(spool, 'left')]
  spool.done(sent)
  await spool.close()
  folder.fails = (operation, name) => {
    if (operation === 'contents' && name.endsWith('.done')) throw new Error('EIO')
  }
  const next = await openIn(folder)
  expect(await allOf(next.spool, next.found)).toEqual(['sent', 'left'])
  const why = 'cannot be read, so what was sent of its messages is sent again: EIO'
  expect(next.told).toEqual([{ what: 'damaged', facts: { file: '00000001.done', bytes: 0, why } }])
  expect(next.spool.status().damagedFiles).toEqual([])
  for (const kept of next.found) next.spool.done(kept)
  await next.spool.close()
  expect(await folder.names()).toEqual([])
})

test('a torn end that cannot be cut off is told, and what is before it is sent', async () => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder)
  for (const text of ['a', 'b']) await store(spool, text)
  await spool.close()
  folder.alter('00000001.spool', (bytes) => bytes.subarray(0, bytes.length - 3))
  folder.fails = (operation) => {
    if (operation === 'truncate') throw new Error('EIO')
  }
  const next = await openIn(folder)
  expect(await allOf(next.spool, next.found)).toEqual(['a'])
  const facts = { file: '00000001.spool', bytes: 34, why: 'its torn end cannot be cut off: EIO' }
  expect(next.told).toEqual([{ what: 'damaged', facts }])
})

test.each([
  ['EMFILE', 'contents', '00000002.spool'],
  ['EMFILE', 'open', '00000002.spool'],
  ['ENFILE', 'contents', '00000002.done'],
])('%s from %s of %s stops the start: what is in the file would be left out', async (code, operation, file) => {
  const folder = new SimulatedFolder()
  const { spool } = await openIn(folder, { segmentBytes: 40 })
  for (const text of ['a', 'b']) await store(spool, text)
  await spool.close()
  folder.fails = (each, name) => {
    if (each === operation && name === file) throw Object.assign(new Error(code), { code })
  }
  await expect(openIn(folder)).rejects.toThrow(code)
})

test('any number of files may be there', async () => {
  const folder = new SimulatedFolder()
  const names = Array.from({ length: 250_000 }, (_, number) => `${String(number + 1).padStart(8, '0')}-18.damaged`)
  jest.spyOn(folder, 'names').mockResolvedValue(names)
  const { nextNumber } = await readFolder(folder, { damaged: () => {}, torn: () => {} })
  expect(nextNumber).toBe(250_001)
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
