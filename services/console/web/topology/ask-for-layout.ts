import type { Layout, LayoutInput } from './layout-shape'

let worker: Worker | undefined
let turn: Promise<unknown> = Promise.resolve()

/** Lays out in a thread of its own, so that a large topology holds up no page; one after the other. */
export function askForLayout(input: LayoutInput): Promise<Layout> {
  const mine = turn.then(() => answerOf(input))
  turn = mine.catch(() => {})
  return mine
}

function answerOf(input: LayoutInput): Promise<Layout> {
  worker ??= new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' })
  const asked = worker
  return new Promise((resolve, reject) => {
    asked.onmessage = ({ data }: MessageEvent<Layout>) => resolve(data)
    asked.onerror = ({ message }) => {
      // The next one begins anew.
      worker = undefined
      asked.terminate()
      reject(new Error(`the picture cannot be laid out: ${message || 'its program does not start'}`))
    }
    asked.postMessage(input)
  })
}
