import { ask } from '../api'
import { editBody, type Edited } from './edit-body'

const json = { 'content-type': 'application/json' } as const

/** Sends it as a new message, and answers with its id. Rejects with a Refusal when nothing was done. */
export async function sendEdited({ group, id, data, expected, reason }: Edited): Promise<string> {
  const path = `dead-letters/${encodeURIComponent(group)}/${encodeURIComponent(id.toWellFormed())}/edit`
  const body = editBody({ data, expected, reason })
  const response = await ask(path, { method: 'POST', headers: json, body })
  return ((await response.json()) as { readonly sentAs: string }).sentAs
}
