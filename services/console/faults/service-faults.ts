import { ProblemError } from '../../../shared/runtime/problem-error'

/** A service that can be made to suffer. */
export interface ServiceDoor {
  readonly name: 'producer' | 'consumer'
  /** Without a slash at the end. */
  readonly url: string
  readonly apiKey: string | undefined
}

/** What a fault came to, as the service says. */
export interface ServiceStruck {
  readonly detail: string
  readonly messages?: readonly { readonly id: string; readonly source: string }[]
}

/** What can be done at a service: obstacles by fault, undefined where there is none; or why nothing can. */
export type ServiceFaults = ReadonlyMap<string, string | undefined> | { readonly why: string }

const lookWithinMs = 2_000
const strikeWithinMs = 8_000

/** Asks a service what can be made to happen there; never rejects. */
export async function lookAtService(door: ServiceDoor): Promise<ServiceFaults> {
  try {
    const response = await call(door, '/faults', { signal: AbortSignal.timeout(lookWithinMs) })
    if (response.status === 404) return { why: `the ${door.name} was started with FAULTS=off` }
    if (!response.ok) return { why: `the ${door.name} answers ${response.status}` }
    const { faults } = (await response.json()) as { faults: readonly { kind: string; obstacle?: string }[] }
    return new Map(faults.map(({ kind, obstacle }) => [kind, obstacle]))
  } catch {
    return { why: `the ${door.name} does not answer at ${door.url}` }
  }
}

/** Makes a fault happen. Rejects with a problem that says why it did not. */
export async function strikeService(door: ServiceDoor, kind: string, asked: object): Promise<ServiceStruck> {
  const response = await call(door, `/faults/${kind}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'handoff-fault': kind },
    body: JSON.stringify(asked),
    signal: AbortSignal.timeout(strikeWithinMs),
  }).catch((cause: unknown) => {
    throw new ProblemError('fault-unavailable', `the ${door.name} does not answer at ${door.url}`, { cause })
  })
  const answer = (await response.json()) as ServiceStruck & { readonly title?: string }
  if (response.ok) return answer
  throw new ProblemError('fault-unavailable', `the ${door.name} refuses: ${answer.title} (${answer.detail})`)
}

function call({ url, apiKey }: ServiceDoor, path: string, init: RequestInit): Promise<Response> {
  const key = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
  const headers = { ...(init.headers as Record<string, string> | undefined), ...key }
  return fetch(url + path, { ...init, headers, redirect: 'error' })
}
