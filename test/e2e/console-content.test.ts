/** What messages carried: from the producer and the relay by the journal's stream to the console, against a real broker. */
import { parkOrders } from './dead-letter-fixtures'
import { eventually } from '../support/eventually'
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { startService } from '../support/service'

const broker = useBroker()

interface Content {
  readonly state: string
  readonly text?: string
  readonly redacted?: readonly string[]
  readonly attributes?: Readonly<Record<string, string>>
}

interface Row {
  readonly id: string
  readonly source: string
}

async function rowsOf(url: string, filter: string): Promise<readonly Row[]> {
  const answer = await fetch(`${url}/messages?filter=${encodeURIComponent(filter)}`)
  return ((await answer.json()) as { readonly rows: readonly Row[] }).rows
}

async function openStage(namespace: string, settings: Readonly<Record<string, string>>) {
  const common = { BROKER_URL: broker.url, NAMESPACE: namespace, ...settings }
  const producer = await startService('producer', common)
  await startService('consumer', common)
  const console = await startService('console', { ...common, PRODUCER_URL: producer.url })
  const post = async (path: string, body: string, headers: Readonly<Record<string, string>>) => {
    const answer = await fetch(`${producer.url}${path}`, { method: 'POST', body, headers })
    expect(answer.status).toBe(202)
    return (await answer.json()) as { readonly id: string }
  }
  const get = async <T>(path: string) => (await (await fetch(`${console.url}${path}`)).json()) as T
  const found = (filter: string) => rowsOf(console.url, filter)
  const contentOf = ({ id, source }: { readonly id: string; readonly source: string }) =>
    get<Content>(`/messages/${encodeURIComponent(id)}/content?source=${encodeURIComponent(source)}`)
  return { post, found, contentOf, console, common }
}

const order = { orderId: 'A-17', customerEmail: 'canary@example.com', amountCents: 4_200 }

test('what a message carried is shown, looked through, and without what is redacted, also after a restart', async () => {
  const { post, found, contentOf, console, common } = await openStage('kept', {
    JOURNAL_DATA_BYTES: '1000',
    JOURNAL_REDACT: 'customerEmail',
  })
  const event = { specversion: '1.0', id: 'e-1', source: '/shop', type: 'order.placed', tenant: 'acme', data: order }
  await post('/messages', JSON.stringify(event), { 'content-type': 'application/cloudevents+json' })
  const { id } = await post('/messages/hello', 'Hello!', { 'content-type': 'text/plain' })
  await eventually('both are known with what they carried', async () => {
    expect(await found('data:hello')).toMatchObject([{ id }])
    const filter = 'data.orderId:A-* data.amountCents>4000 attribute.tenant:acme'
    expect(await found(filter)).toMatchObject([{ id: 'e-1' }])
    return true
  })
  const [row] = await found('data.orderId:A-17')
  const content = await contentOf(row ?? { id: '', source: '' })
  expect(content).toMatchObject({ state: 'kept', redacted: ['/customerEmail'], attributes: { tenant: 'acme' } })
  expect(JSON.parse(content.text ?? '')).toEqual({ ...order, customerEmail: '[redacted]' })
  // It never was on the broker's disk: another console, which reads the journal anew, has not seen it either.
  const other = await startService('console', common)
  await eventually('another console has read the journal', async () => {
    const path = '/messages/e-1/content?source=/shop'
    const [here, there] = await Promise.all([console, other].map(async ({ url }) => (await fetch(url + path)).text()))
    expect(there).toBe(here)
    expect(there).toContain('A-17')
    expect(there).not.toContain('canary')
    return true
  })
})

test('what an edit sends in place of a dead letter is known, too', async () => {
  const namespace = 'edited'
  const { console, contentOf } = await openStage(namespace, { JOURNAL_DATA_BYTES: '1000' })
  await parkOrders(await connectRaw(broker.url), { namespace, ids: ['d-1'] })
  const edited = await fetch(`${console.url}/dead-letters/ledger/d-1/edit`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ set: { '/orderId': 'mended' } }),
  })
  const { sentAs } = (await edited.json()) as { readonly sentAs: string }
  await eventually('it is known', async () => {
    const [row] = await rowsOf(console.url, sentAs)
    const content = await contentOf(row ?? { id: sentAs, source: 'unknown' })
    return content.state === 'kept' && content.text?.includes('"mended"')
  })
})

test('by itself the journal keeps nothing of it', async () => {
  const { post, found, contentOf } = await openStage('nothing', {})
  const { id } = await post('/messages/hello', 'Hello canary!', { 'content-type': 'text/plain' })
  const rows = await eventually('it is known', async () => {
    const rows = await found(id)
    expect(rows).toHaveLength(1)
    return rows
  })
  expect(await found('data:canary')).toEqual([])
  expect(await contentOf(rows[0] ?? { id: '', source: '' })).toMatchObject({ state: 'unknown' })
})
