import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { reset } from './reset'

export type Direction = 'to server' | 'to client'

/** How the path behaves at present. */
export interface PathMood {
  entrance: 'open' | 'closed'
  /** Where one is set, nothing passes. */
  readonly silence: Map<Direction, PromiseWithResolvers<void>>
  /** Where the next byte is turned over. */
  readonly flips: Set<Direction>
  /** Bytes that may still pass to the server before the path is cut. */
  bytesLeft: number
  delayMs: number
  bytesPerSecond: number
  /** Pieces of data that were held, delayed, slowed down, turned over or cut so far. */
  harmed: number
}

export interface Flow {
  readonly from: Socket
  readonly to: Socket
  readonly direction: Direction
}

const slicesPerSecond = 20

/** Carries what comes from one side to the other until either ends; `cut` is called when the last byte has passed. */
export async function carry(flow: Flow, mood: PathMood, cut: () => void): Promise<void> {
  const { from, to } = flow
  let onItsWay = Promise.resolve()
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      const held = mood.delayMs > 0 ? pause(mood.delayMs) : undefined
      onItsWay = Promise.all([onItsWay, held]).then(() => pass(flow, chunk, mood, cut))
      // What is delayed travels side by side: a distant server is no slow one.
      if (held === undefined) await onItsWay
      else onItsWay.catch(() => to.destroy())
    }
    await onItsWay
    to.end()
  } catch {
    to.destroy()
  }
}

async function pass(flow: Flow, chunk: Buffer, mood: PathMood, cut: () => void): Promise<void> {
  const { to, direction } = flow
  if (isHarm(flow, chunk, mood)) mood.harmed++
  await mood.silence.get(direction)?.promise
  if (mood.flips.delete(direction)) chunk.writeUInt8(chunk.readUInt8(0) ^ 0xff, 0)
  if (direction === 'to server' && chunk.length >= mood.bytesLeft) return lastBytes(flow, chunk, mood, cut)
  if (direction === 'to server') mood.bytesLeft -= chunk.length
  for (let rest = chunk; rest.length > 0;) {
    const slice = rest.subarray(0, await sliceBytes(mood))
    rest = rest.subarray(slice.length)
    if (!to.write(slice)) await once(to, 'drain')
  }
}

function isHarm({ direction }: Flow, { length }: Buffer, mood: PathMood): boolean {
  const isSlow = mood.delayMs > 0 || mood.bytesPerSecond < Infinity
  const isLast = direction === 'to server' && length >= mood.bytesLeft
  return isSlow || isLast || mood.silence.has(direction) || mood.flips.has(direction)
}

// In small pieces: a whole one, held until its time has come, would be a silence and then a burst.
async function sliceBytes({ bytesPerSecond }: PathMood): Promise<number> {
  if (bytesPerSecond === Infinity) return Infinity
  await pause(1_000 / slicesPerSecond)
  return Math.ceil(bytesPerSecond / slicesPerSecond)
}

// The server gets a plain end, as a reset could overtake the bytes that it must still see.
async function lastBytes({ from, to }: Flow, chunk: Buffer, mood: PathMood, cut: () => void): Promise<void> {
  const part = chunk.subarray(0, mood.bytesLeft)
  mood.bytesLeft = Infinity
  await new Promise((resolve) => to.write(part, resolve))
  to.destroy()
  reset(from)
  cut()
}
