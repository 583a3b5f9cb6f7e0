import type { Content } from '../../../shared/journal/content'
import { KeptContents } from '../../../services/console/window/kept-contents'
import { observedOf, openConsoleDoor } from './door'

const contentOf = (type: string, text: string, redacted: readonly string[] = []): Content => ({
  ...{ id: 'A 1', source: '/shop', type, contentType: 'application/json', attributes: { tenant: 'acme' }, bytes: 99 },
  data: { kind: 'kept', text, redacted },
})
const asked = async (...kept: readonly Content[]) => {
  const contents = new KeptContents(1_000_000)
  for (const content of kept) contents.take(content)
  const { app } = await openConsoleDoor({}, undefined, { observed: observedOf(undefined, undefined, contents) })
  return (await app.inject('/messages/A%201/content?source=/shop')).json<object>()
}

test('what a message carried is shown with what the schema finds wrong, but for what was redacted', async () => {
  const text = '{"orderId":"","customerEmail":"[redacted]","amountCents":0}'
  expect(await asked(contentOf('order.placed', text, ['/customerEmail']))).toEqual({
    ...{ state: 'kept', contentType: 'application/json', attributes: { tenant: 'acme' }, bytes: 99, text },
    redacted: ['/customerEmail'],
    findings: [
      { pointer: '/orderId', detail: expect.any(String) as string },
      { pointer: '/amountCents', detail: 'must be >= 1' },
    ],
  })
  expect(await asked(contentOf('nobody.knows', '{}'))).toMatchObject({ state: 'kept', findings: [] })
})

test('says why where it is not known', async () => {
  const because = 'it has more than the 10 bytes of JOURNAL_DATA_BYTES'
  const leftOut: Content = { ...contentOf('hello', ''), data: { kind: 'left out', because } }
  expect(await asked(leftOut)).toMatchObject({ state: 'left out', because, bytes: 99 })
  expect(await asked()).toMatchObject({
    state: 'unknown',
    because: expect.stringContaining('Set JOURNAL_DATA_BYTES') as string,
  })
  expect(await asked({ ...contentOf('hello', '{}'), id: 'other' })).toMatchObject({
    state: 'unknown',
    because: expect.stringContaining('no service of Handoff published it') as string,
  })
})

test('takes no id without its source', async () => {
  const { app } = await openConsoleDoor()
  expect((await app.inject('/messages/A/content')).statusCode).toBe(422)
})
