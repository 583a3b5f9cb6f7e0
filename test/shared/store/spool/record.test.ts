import fc from 'fast-check'
import { decodeMarks, encodeMark } from '../../../../shared/store/spool/done-marks'
import { encodeRecord, fileHeader, scanRecords } from '../../../../shared/store/spool/record'

const entry = (text: string) => ({ lane: 'type hello', bytes: Buffer.from(text) })
const fileOf = (texts: readonly string[]) =>
  Buffer.concat([fileHeader, ...texts.map((text) => encodeRecord(entry(text), 1_764_000_000_000))])
const textsOf = (file: Buffer) => scanRecords(file).records.map(({ bytes }) => bytes.toString())

test('what was written is read, with its lane and time', () => {
  const [record] = scanRecords(fileOf(['Hello World!'])).records
  expect(record).toMatchObject({
    lane: 'type hello',
    storedAtMs: 1_764_000_000_000,
    bytes: Buffer.from('Hello World!'),
  })
})

test('any lane and bytes come back as they were', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.uint8Array())), (entries) => {
      const records = entries.map(([lane, bytes]) => encodeRecord({ lane, bytes: Buffer.from(bytes) }, 1))
      const scan = scanRecords(Buffer.concat([fileHeader, ...records]))
      expect(scan.records.map(({ lane, bytes }) => [lane, [...bytes]])).toEqual(
        entries.map(([lane, bytes]) => [lane, [...bytes]]),
      )
      expect(scan).toMatchObject({ damaged: [], tornAt: undefined })
    }),
  )
})

test('whatever bit of a file has changed, every record but the one it is in is read, and that one is told', () => {
  const texts = ['first', 'second', 'third']
  const file = fileOf(texts)
  const lengths = texts.map((text) => encodeRecord(entry(text), 1).length)
  for (let bit = fileHeader.length * 8; bit < file.length * 8; bit++) {
    const changed = Buffer.from(file)
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    let end = fileHeader.length
    const hit = lengths.findIndex((length) => (end += length) > bit >> 3)
    const scan = scanRecords(changed)
    expect(scan.records.map(({ bytes }) => bytes.toString())).toEqual(texts.filter((_, index) => index !== hit))
    expect(scan.damaged).toHaveLength(1)
    expect(scan.tornAt).toBeUndefined()
  }
})

test('a file that ends anywhere within its last record is torn there, and the others are read', () => {
  const file = fileOf(['first', 'second', 'third'])
  const begin = file.length - encodeRecord(entry('third'), 1).length
  for (let length = begin + 1; length < file.length; length++) {
    expect(textsOf(file.subarray(0, length))).toEqual(['first', 'second'])
    expect(scanRecords(file.subarray(0, length))).toMatchObject({ damaged: [], tornAt: begin })
  }
})

test('a file of zeros where records should be is damaged, not empty', () => {
  expect(scanRecords(Buffer.concat([fileHeader, Buffer.alloc(100)])).damaged).toEqual([
    { from: fileHeader.length, to: fileHeader.length + 100, records: 'unknown' },
  ])
})

test('a mark counts for its own segment and place alone', () => {
  const marks = Buffer.concat([encodeMark(1, 16), encodeMark(1, 900)])
  expect([...decodeMarks(1, marks)]).toEqual([16, 900])
  expect([...decodeMarks(2, marks)]).toEqual([])
  for (let bit = 0; bit < 64; bit++) {
    const changed = encodeMark(1, 16)
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    expect([...decodeMarks(1, changed)]).toEqual([])
  }
  expect([...decodeMarks(1, marks.subarray(0, 11))]).toEqual([16])
})
