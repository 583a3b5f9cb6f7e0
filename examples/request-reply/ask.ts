import type { Static } from 'typebox'
import type { makeQuote } from './messages'

export interface Answer {
  readonly status: number
  /** What the handler returned, in a `200`. */
  readonly result?: unknown
  /** Why not, in a `422`. */
  readonly detail?: string
}

/** Asks the producer at this URL for a quote, and waits for it so many seconds. */
export async function ask(
  url: string,
  question: Static<typeof makeQuote.schema>,
  waitSeconds: number,
): Promise<Answer> {
  const response = await fetch(`${url}/messages/quote.make`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: `wait=${waitSeconds}` },
    body: JSON.stringify(question),
  })
  const { result, detail } = (await response.json()) as Omit<Answer, 'status'>
  return { status: response.status, ...(result !== undefined && { result }), ...(detail !== undefined && { detail }) }
}
