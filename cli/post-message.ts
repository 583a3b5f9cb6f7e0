import { OperationError } from '../shared/operations/operation-error'

export interface Post {
  readonly url: string
  readonly contentType: string
  readonly data: string
  readonly key: string | undefined
  readonly apiKey: string | undefined
}

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Longer than the producer's own deadline of 10 seconds, so that its answer is heard. */
const patienceMs = 15_000

/** Posts one message. Rejects with an {@link OperationError} when no producer answers. */
export async function postMessage({ url, contentType, data, key, apiKey }: Post): Promise<Answer> {
  const headers = {
    'content-type': contentType,
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  }
  const { origin } = new URL(url)
  const signal = AbortSignal.timeout(patienceMs)
  const answer = await fetch(url, { method: 'POST', headers, body: data, signal }).catch((error: unknown) => {
    throw new OperationError(`no producer answers at ${origin} (${why(error)}); start it (npm start), or give --url`)
  })
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
