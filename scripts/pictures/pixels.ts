import { inflateSync } from 'node:zlib'
import { chunksIn } from './png-chunks'
import { unfiltered } from './scanlines'

/** A picture without transparency. */
export interface Pixels {
  readonly width: number
  readonly height: number
  /** Red, green and blue of each pixel, row by row from the top. */
  readonly rgb: Buffer
}

const bytesPerPixel: Readonly<Record<number, 3 | 4>> = { 2: 3, 6: 4 }

/** Reads what Chromium makes of a page: 8 bits for each colour, not interlaced. Its transparency is left out. */
export function pixelsOf(png: Buffer): Pixels {
  const chunks = chunksIn(png)
  const header = chunks[0]?.data ?? Buffer.alloc(13)
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const [depth, colours = 0, , , interlaced] = header.subarray(8)
  const step = bytesPerPixel[colours]
  if (depth !== 8 || step === undefined || interlaced !== 0)
    throw new Error(
      `this PNG has ${depth} bits, colour type ${colours} and interlace ${interlaced}; use 8, 2 or 6, and 0`,
    )
  const data = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data))
  const bytes = unfiltered(inflateSync(data), { rowBytes: width * step, step })
  return { width, height, rgb: step === 3 ? bytes : withoutAlpha(bytes) }
}

function withoutAlpha(rgba: Buffer): Buffer {
  const rgb = Buffer.alloc((rgba.length / 4) * 3)
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) rgba.copy(rgb, to, from, from + 3)
  return rgb
}
