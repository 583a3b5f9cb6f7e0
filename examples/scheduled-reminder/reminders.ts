export interface Posted {
  readonly id: string
  readonly reminder: string
  /** Not before this time, by the clock of this machine. */
  readonly dueMs: number
}

/** Has the producer at this URL remind of it in so many seconds. */
export async function remindIn(url: string, reminder: string, delaySeconds: number): Promise<Posted> {
  const askedMs = Date.now()
  const headers = { 'content-type': 'application/json', 'handoff-delay': String(delaySeconds) }
  const id = await post(`${url}/messages/reminder.send`, headers, { reminder })
  return { id, reminder, dueMs: askedMs + delaySeconds * 1_000 }
}

/** Has it remind at once, and from `expiresMs` on not at all. */
export function remindUntil(url: string, reminder: string, expiresMs: number): Promise<string> {
  const about = { specversion: '1.0', id: 'late', source: '/shop', type: 'reminder.send' }
  const event = { ...about, expirytime: new Date(expiresMs).toISOString(), data: { reminder } }
  return post(`${url}/messages`, { 'content-type': 'application/cloudevents+json' }, event)
}

/** Answers with `cancelled`, or the code of what stood in the way. */
export async function cancel(url: string, { id }: Posted): Promise<string> {
  const response = await fetch(`${url}/messages/${id}`, { method: 'DELETE' })
  const { outcome, code = '' } = (await response.json()) as { readonly outcome?: string; readonly code?: string }
  return outcome ?? code
}

async function post(url: string, headers: Readonly<Record<string, string>>, body: object): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (response.status !== 202) throw new Error(`not accepted: ${response.status} ${await response.text()}`)
  const { id } = (await response.json()) as { readonly id: string }
  return id
}
