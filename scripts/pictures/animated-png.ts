import { changedArea, cutOut, unchanged, type Area } from './changed-area'
import { pixelsOf, type Pixels } from './pixels'
import { pngOf, type Chunk } from './png-chunks'
import { compressed } from './scanlines'

/** A picture, and how long it stands. */
export interface Frame {
  /** A screenshot by Chromium; all of an animation are of one size. */
  readonly png: Buffer
  readonly lastsMs: number
}

export interface AnimatedPng {
  readonly file: Buffer
  readonly frames: number
  readonly lastsMs: number
}

interface Step {
  readonly area: Area
  readonly data: Buffer
  lastsMs: number
}

/**
 * One PNG that shows the frames one after the other, `plays` times, and then stands on the last. Who cannot animate shows
 * the first. Of each frame only what differs from the one before is told; one that does not differ makes that one last longer.
 */
export function animatedPng(frames: readonly Frame[], { plays }: { readonly plays: number }): AnimatedPng {
  const [first, ...more] = frames
  if (first === undefined) throw new Error('an animation needs a frame')
  let before = pixelsOf(first.png)
  const whole = { left: 0, top: 0, width: before.width, height: before.height }
  const steps: Step[] = [
    { area: whole, data: compressed(cutOut(before, whole), whole.width * 3), lastsMs: first.lastsMs },
  ]
  for (const { png, lastsMs } of more) {
    const now = sameSize(pixelsOf(png), before)
    const area = changedArea(before, now)
    if (area === undefined) (steps.at(-1) as Step).lastsMs += lastsMs
    else steps.push({ area, data: compressed(cutOut(now, area, before), area.width * 3), lastsMs })
    before = now
  }
  const file = pngOf([header(whole), control(steps.length, plays), transparent(), ...steps.flatMap(chunksOf()), end])
  return { file, frames: steps.length, lastsMs: steps.reduce((sum, step) => sum + step.lastsMs, 0) }
}

function sameSize(now: Pixels, before: Pixels): Pixels {
  if (now.width === before.width && now.height === before.height) return now
  const sizes = [before, now].map(({ width, height }) => `${width} by ${height}`)
  throw new Error(
    `the frames of an animation are of one size, but of these two one is ${sizes.join(' and the other ')}`,
  )
}

function header({ width, height }: Area): Chunk {
  const [bits, colours] = [8, 2]
  return { type: 'IHDR', data: Buffer.from([...uint32(width), ...uint32(height), bits, colours, 0, 0, 0]) }
}

function control(frames: number, plays: number): Chunk {
  return { type: 'acTL', data: Buffer.from([...uint32(frames), ...uint32(plays)]) }
}

function transparent(): Chunk {
  return { type: 'tRNS', data: Buffer.from(unchanged.flatMap((value) => [0, value])) }
}

const end: Chunk = { type: 'IEND', data: Buffer.alloc(0) }

/** The first frame's data stand where those of a PNG without animation do. Controls and data are numbered together. */
function chunksOf(): (step: Step, at: number) => readonly Chunk[] {
  let number = 0
  return ({ area: { left, top, width, height }, data, lastsMs }, at) => {
    const place = [width, height, left, top].flatMap(uint32)
    const [disposeNone, blendOver] = [0, 1]
    const shown = [...uint16(lastsMs), ...uint16(1_000), disposeNone, blendOver]
    const frame = { type: 'fcTL', data: Buffer.from([...uint32(number++), ...place, ...shown]) }
    if (at === 0) return [frame, { type: 'IDAT', data }]
    return [frame, { type: 'fdAT', data: Buffer.concat([Buffer.from(uint32(number++)), data]) }]
  }
}

function uint32(value: number): readonly number[] {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return [...bytes]
}

function uint16(value: number): readonly number[] {
  return uint32(value).slice(2)
}
