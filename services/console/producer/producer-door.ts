import { ProblemError } from '../../../shared/runtime/problem-error'

export interface ProducerDoorParts {
  /** Without slashes at their ends; asked one after the other until one answers. */
  readonly urls: readonly string[]
  readonly apiKey: string | undefined
}

export interface PassedOn {
  readonly method: 'GET' | 'POST'
  /** Begins with a slash. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
  readonly signal: AbortSignal
}

/** What the producer said, to be passed on as it came. */
export interface PassedBack {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const kept = ['content-type', 'location', 'retry-after', 'x-request-id'] as const

/** The console's way to the producer, whose verdict on a message is the one that counts. */
export class ProducerDoor {
  readonly #parts: ProducerDoorParts

  constructor(parts: ProducerDoorParts) {
    this.#parts = parts
  }

  /** Rejects with a problem when no producer answers, or it wants another key. Another one is sent to only where the first got nothing. */
  async ask(asked: PassedOn): Promise<PassedBack> {
    const refusals: string[] = []
    for (const url of this.#parts.urls) {
      try {
        return await this.#askOne(url, asked)
      } catch (error) {
        if (error instanceof ProblemError) throw error
        asked.signal.throwIfAborted()
        refusals.push(`${url} (${whyOf(error)})`)
        // What one may have taken must not go to another as well; a question may.
        if (asked.method === 'POST' && !isUnreached(error)) throw away(refusals, 'unknown')
      }
    }
    throw away(refusals, asked.method === 'POST' ? 'not_accepted' : undefined)
  }

  async #askOne(url: string, { method, path, headers, body, signal }: PassedOn): Promise<PassedBack> {
    const { apiKey } = this.#parts
    const key = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
    const response = await fetch(url + path, {
      ...{ method, signal, redirect: 'error' },
      headers: { ...headers, ...key },
      ...(body !== undefined && { body: new Uint8Array(body) }),
    })
    // Passed back as it is, it would be taken for the console's own.
    if (response.status === 401) throw refused(url, apiKey)
    return passedBack(response)
  }
}

function refused(url: string, apiKey: string | undefined): ProblemError {
  const which = apiKey === undefined ? 'PRODUCER_API_KEY is not set' : 'it does not know PRODUCER_API_KEY'
  return new ProblemError('producer-refuses', `the producer at ${url} asks for a key, and ${which}`)
}

/** `outcome`: what became of what was sent; undefined where nothing was. */
function away(refusals: readonly string[], outcome: 'unknown' | 'not_accepted' | undefined): ProblemError {
  return new ProblemError('producer-away', `no producer answers at ${refusals.join(', ')}`, {
    headers: { 'retry-after': '2' },
    ...(outcome !== undefined && { members: { outcome } }),
  })
}

async function passedBack(response: Response): Promise<PassedBack> {
  const headers = kept.flatMap((name) => {
    const value = response.headers.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  return {
    status: response.status,
    headers: Object.fromEntries(headers),
    body: Buffer.from(await response.arrayBuffer()),
  }
}

const unreached = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']

/** Nothing was sent. */
function isUnreached(error: unknown): boolean {
  return unreached.includes(whyOf(error))
}

function whyOf(error: unknown): string {
  const { message, cause } = error as { message: string; cause?: { code?: string; message?: string } }
  return cause?.code ?? cause?.message ?? message
}

/** A text as one part of a path. `.` and `..` are no names there, however they are written: the URL Standard takes them out. */
export function pathPart(text: string): string {
  if (text === '.' || text === '..') throw new ProblemError('not-found', `"${text}" is no name`)
  return encodeURIComponent(text)
}
