import { ask } from '../api'
import { editBody, type Edited } from './edit-body'
import type { Wrong } from './letters'

const json = { 'content-type': 'application/json' } as const

/** Sends it as a new message, and answers with its id. Rejects with a Refusal when nothing was done. */
export async function sendEdited({ group, id, data, expected, reason }: Edited): Promise<string> {
  const path = `dead-letters/${encodeURIComponent(group)}/${encodeURIComponent(id.toWellFormed())}/edit`
  const body = editBody({ data, expected, reason })
  const response = await ask(path, { method: 'POST', headers: json, body })
  return ((await response.json()) as { readonly sentAs: string }).sentAs
}

/** What the schema of a type finds wrong with data, which is sent nowhere. */
export async function checkData(type: string, data: string, signal: AbortSignal): Promise<readonly Wrong[]> {
  const path = `contracts/${encodeURIComponent(type)}/check`
  const response = await ask(path, { method: 'POST', headers: json, body: data, signal })
  return ((await response.json()) as { readonly errors: readonly Wrong[] }).errors
}
