import { keyWanted, withKey } from './key'

/** What went wrong, as the console or the producer says it: RFC 9457. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly problem: Readonly<Record<string, unknown>>

  constructor(status: number, problem: Readonly<Record<string, unknown>>) {
    super(textOf(status, problem))
    this.status = status
    this.problem = problem
  }
}

/** Answers with the body, as JSON. Rejects with a {@link Refusal}, or with an error when the console is away. */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await ask(path, signal === undefined ? {} : { signal })
  return (await response.json()) as T
}

/** Sends JSON, and answers with the response once its status is good. */
export function postJson(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  return ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal !== undefined && { signal }),
  })
}

/** Calls the console. Rejects as {@link getJson} does. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = withKey(init.headers as Record<string, string> | undefined)
  let response: Response
  try {
    response = await fetch(path, { ...init, headers })
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error
    throw new Error('the console does not answer', { cause: error })
  }
  if (response.ok) return response
  const refusal = new Refusal(response.status, await problemIn(response))
  if (response.status === 401 && refusal.problem['code'] === 'key-required') keyWanted.value = refusal.message
  throw refusal
}

async function problemIn(response: Response): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await response.json()) as Readonly<Record<string, unknown>>
  } catch {
    return {}
  }
}

function textOf(status: number, { title, detail }: Readonly<Record<string, unknown>>): string {
  const parts = [title, detail].filter((part) => typeof part === 'string')
  return parts.length === 0 ? `the answer is ${status}` : parts.join(': ')
}
