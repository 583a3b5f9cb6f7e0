import { OperationError } from '../shared/operations/operation-error'

export interface Question {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly apiKey: string | undefined
  /** How long the producer may take beyond its own deadline. Default 0. */
  readonly moreMs?: number
}

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Longer than the producer's own deadline of 10 seconds, so that its answer is heard. */
const patienceMs = 15_000

/** Sends one request. Rejects with an {@link OperationError} when no producer answers. */
export async function askProducer({ method, url, headers: own, body, apiKey, moreMs = 0 }: Question): Promise<Answer> {
  const headers = { ...own, ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }) }
  const { origin } = new URL(url)
  const signal = AbortSignal.timeout(patienceMs + moreMs)
  const answer = await fetch(url, { method, headers, signal, ...(body !== undefined && { body }) }).catch(
    (error: unknown) => {
      throw new OperationError(`no producer answers at ${origin} (${why(error)}); start it (npm start), or give --url`)
    },
  )
  return { status: answer.status, body: await bodyOf(answer, origin) }
}

async function bodyOf(answer: Response, origin: string): Promise<Answer['body']> {
  try {
    const body: unknown = await answer.json()
    if (typeof body === 'object' && body !== null) return body as Answer['body']
  } catch {
    // Said below: whoever answered, it was no producer.
  }
  throw new OperationError(`what answers at ${origin} with ${answer.status} is no producer; give its address by --url`)
}

function why(error: unknown): string {
  const { message, cause } = error as { message: string; cause?: { code?: string; message?: string } }
  return cause?.code ?? cause?.message ?? message
}
