import { ask } from './api'

/** Something wrong with data: where, by RFC 6901, and what. */
export interface Wrong {
  readonly pointer: string
  readonly detail: string
}

/** What the server finds wrong with data of this type, which is sent nowhere. The JSON goes as it is written. */
export async function checkData(type: string, json: string, signal: AbortSignal): Promise<readonly Wrong[]> {
  const response = await ask(`contracts/${encodeURIComponent(type)}/check`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: json,
    signal,
  })
  return ((await response.json()) as { readonly errors: readonly Wrong[] }).errors
}
