/** Sends events as a stream over a connection of its own, and hears what is answered meanwhile. */
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'

export interface Outcome {
  readonly position: number
  readonly status: number
  readonly id?: string
  readonly outcome?: string
  readonly code?: string
}

export interface SentStream {
  /** Resolves when the producer lets more come. */
  write(text: string): Promise<void>
  end(): void
  /** Begins to read the answer; grows until it has ended. */
  read(): Promise<readonly Outcome[]>
  readonly outcomes: readonly Outcome[]
  /** How the answer ended, or why it did not. */
  readonly ended: Promise<'whole' | 'cut'>
}

export function sendStream(url: string, media: string): SentStream {
  const sending = request(`${url}/messages`, { method: 'POST', headers: { 'content-type': media }, agent: false })
  const outcomes: Outcome[] = []
  const ended = Promise.withResolvers<'whole' | 'cut'>()
  const answered = new Promise<IncomingMessage>((resolve) => sending.once('response', resolve))
  sending.on('error', () => ended.resolve('cut'))
  const read = async () => {
    const answer = await answered
    answer.on('close', () => ended.resolve(answer.complete ? 'whole' : 'cut'))
    answer.on('error', () => {})
    const lines = createInterface({ input: answer })
    lines.on('line', (line) => outcomes.push(JSON.parse(line) as Outcome))
    lines.on('error', () => {})
    return outcomes
  }
  return {
    write: async (text) => {
      if (!sending.write(text)) await once(sending, 'drain')
    },
    end: () => void sending.end(),
    read,
    outcomes,
    ended: ended.promise,
  }
}

export function captureEvent(id: string, pad = ''): string {
  const data = { paymentId: id, amountCents: 1 }
  return JSON.stringify({ specversion: '1.0', id, source: `/batch${pad}`, type: 'payment.capture', data })
}
