import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** How the path behaves at present. */
export interface PathMood {
  entrance: 'open' | 'closed'
  /** While set, nothing passes. */
  silence: PromiseWithResolvers<void> | undefined
  /** Bytes that may still pass to the server before the path is cut. */
  bytesLeft: number
  delayMs: number
}

export interface Flow {
  readonly from: Socket
  readonly to: Socket
  readonly direction: 'to server' | 'to client'
}

/** Carries what comes from one side to the other until either ends; `cut` is called when the last byte has passed. */
export async function carry(flow: Flow, mood: PathMood, cut: () => void): Promise<void> {
  const { from, to, direction } = flow
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      if (mood.delayMs > 0) await pause(mood.delayMs)
      await mood.silence?.promise
      if (direction === 'to server' && chunk.length >= mood.bytesLeft) return await lastBytes(flow, chunk, mood, cut)
      if (direction === 'to server') mood.bytesLeft -= chunk.length
      if (!to.write(chunk)) await once(to, 'drain')
    }
    to.end()
  } catch {
    to.destroy()
  }
}

// The server gets a plain end, as a reset could overtake the bytes that it must still see.
async function lastBytes({ from, to }: Flow, chunk: Buffer, mood: PathMood, cut: () => void): Promise<void> {
  const part = chunk.subarray(0, mood.bytesLeft)
  mood.bytesLeft = Infinity
  await new Promise((resolve) => to.write(part, resolve))
  to.destroy()
  from.resetAndDestroy()
  cut()
}
