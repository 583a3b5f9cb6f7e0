import { deflateSync, inflateSync } from 'node:zlib'
import { animatedPng } from '../../../scripts/pictures/animated-png'
import { pixelsOf } from '../../../scripts/pictures/pixels'
import { chunksIn, pngOf } from '../../../scripts/pictures/png-chunks'

const [black, white, red, reserved] = ['000000', 'ffffff', 'ff0000', '010001']

/** A PNG of these rows; `filter` is the number that stands before each, and what follows is as that filter has it. */
function picture(rows: readonly (readonly string[])[], { filter = 0, alpha = '' } = {}): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(rows[0]?.length ?? 0, 0)
  header.writeUInt32BE(rows.length, 4)
  header.set([8, alpha === '' ? 2 : 6], 8)
  const data = rows.map((row) => Buffer.from(`0${filter}${row.map((pixel) => pixel + alpha).join('')}`, 'hex'))
  return pngOf([
    { type: 'IHDR', data: header },
    { type: 'IDAT', data: deflateSync(Buffer.concat(data)) },
    { type: 'IEND', data: Buffer.alloc(0) },
  ])
}

const frame = (rows: readonly (readonly string[])[], lastsMs: number) => ({ png: picture(rows), lastsMs })
const controlsOf = (file: Buffer) =>
  chunksIn(file)
    .filter(({ type }) => type === 'fcTL')
    .map(({ data }) => data)

const start = frame(
  [
    [black, black, black],
    [black, black, black],
  ],
  400,
)
const later = frame(
  [
    [black, white, black],
    [black, black, red],
  ],
  70,
)

describe('an animated PNG', () => {
  test('has its pieces in order, numbered together, and says how often it plays', () => {
    const { file, frames, lastsMs } = animatedPng([start, later, start], { plays: 2 })
    const chunks = chunksIn(file)
    expect(chunks.map(({ type }) => type)).toEqual(
      ['IHDR', 'acTL', 'tRNS', 'fcTL', 'IDAT', 'fcTL', 'fdAT', 'fcTL', 'fdAT', 'IEND'], // prettier-ignore
    )
    const numbered = chunks.filter(({ type }) => type === 'fcTL' || type === 'fdAT')
    expect(numbered.map(({ data }) => data.readUInt32BE(0))).toEqual([0, 1, 2, 3, 4])
    expect(chunks[1]?.data.toString('hex')).toBe('0000000300000002')
    expect({ frames, lastsMs }).toEqual({ frames: 3, lastsMs: 870 })
  })

  test('of a frame tells the rectangle that differs, and in it what is as before by one colour', () => {
    const { file } = animatedPng([start, later], { plays: 1 })
    const [, second] = controlsOf(file)
    const numbers = [4, 8, 12, 16].map((at) => second?.readUInt32BE(at))
    expect(numbers).toEqual([2, 2, 1, 0])
    const data = chunksIn(file)
      .find(({ type }) => type === 'fdAT')
      ?.data.subarray(4)
    expect(inflateSync(data ?? '').toString('hex')).toBe(`00${white}${reserved}00${reserved}${red}`)
    expect(chunksIn(file)[2]?.data.toString('hex')).toBe('000100000001')
  })

  test('makes one longer frame of neighbours that are the same', () => {
    const { file, frames } = animatedPng([start, start, later, later, later], { plays: 1 })
    expect(frames).toBe(2)
    expect(controlsOf(file).map((data) => [data.readUInt16BE(20), data.readUInt16BE(22)])).toEqual([
      [800, 1_000],
      [210, 1_000],
    ])
  })

  test('keeps a pixel that happens to have the reserved colour visible', () => {
    const { file } = animatedPng([frame([[reserved, black]], 1)], { plays: 1 })
    const data = chunksIn(file).find(({ type }) => type === 'IDAT')?.data
    expect(inflateSync(data ?? '').toString('hex')).toBe('00010002000000')
  })

  test('refuses frames of two sizes, and none at all', () => {
    expect(() => animatedPng([start, frame([[black]], 1)], { plays: 1 })).toThrow('one is 3 by 2 and the other 1 by 1')
    expect(() => animatedPng([], { plays: 1 })).toThrow('an animation needs a frame')
  })
})

describe('a screenshot', () => {
  const rows = [
    ['102030', '010101'],
    ['010203', '000000'],
  ]

  // By hand, from the definitions of the filters.
  test.each([
    { filter: 0, seen: '102030010101010203000000' },
    { filter: 1, seen: '102030112131010203010203' },
    { filter: 2, seen: '102030010101112233010101' },
    { filter: 3, seen: '10203009111909121b09111a' },
    { filter: 4, seen: '102030112131112233112233' },
  ])('is read with filter $filter', ({ filter, seen }) => {
    expect(pixelsOf(picture(rows, { filter })).rgb.toString('hex')).toBe(seen)
  })

  test('is read without its transparency', () => {
    const { width, height, rgb } = pixelsOf(picture(rows, { alpha: 'ff' }))
    expect({ width, height, rgb: rgb.toString('hex') }).toEqual({ width: 2, height: 2, rgb: rows.flat().join('') })
  })

  test('that was harmed, or is none, is refused', () => {
    const harmed = picture(rows)
    harmed.writeUInt8(9, 20)
    expect(() => pixelsOf(harmed)).toThrow("the checksum of the PNG's piece IHDR at byte 8 is wrong")
    expect(() => pixelsOf(Buffer.from('GIF89a'))).toThrow('this is no PNG')
  })

  test('of another kind is refused', () => {
    const [header, ...rest] = chunksIn(picture(rows))
    const grey = { type: 'IHDR', data: Buffer.from(header?.data ?? '') }
    grey.data.writeUInt8(0, 9)
    expect(() => pixelsOf(pngOf([grey, ...rest]))).toThrow(
      '8 bits, colour type 0 and interlace 0; use 8, 2 or 6, and 0',
    )
  })
})
