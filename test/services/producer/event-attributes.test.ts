import { openDoor, type Door } from './door'

const order = { orderId: 'A-1', customerEmail: 'ada@example.com', amountCents: 4200 }
const event = { specversion: '1.0', id: 'e-1', source: '/shop', type: 'order.placed', data: order }
const binary = { 'ce-specversion': '1.0', 'ce-id': 'e-1', 'ce-source': '/shop', 'ce-type': 'order.placed' }

const postStructured = (door: Door, body: unknown) =>
  door.post('/messages', body, { headers: { 'content-type': 'application/cloudevents+json' } })

test.each([
  ['a lone surrogate', '\ud800', 'U+D800'],
  ['another lone surrogate, which would be the same on the wire', '\udfff', 'U+DFFF'],
  ['a surrogate pair in the wrong order', '\udc00\ud800', 'U+DC00'],
  ['NUL', '\u0000', 'U+0000'],
  ['a line feed', 'a\nb', 'U+000A'],
  ['the last control character of ASCII', '\u007f', 'U+007F'],
  ['the last control character of all', '\u009f', 'U+009F'],
  ['a noncharacter', '\uffff', 'U+FFFF'],
])('%s is refused in every text attribute', async (_name, text, codePoint) => {
  const door = await openDoor()
  for (const name of ['id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'dataschema', 'myown']) {
    const response = await postStructured(door, { ...event, [name]: `x${text}x` })
    expect([response.statusCode, response.json()]).toEqual([400, expect.objectContaining({ code: 'invalid-event' })])
    expect(response.json<{ detail: string }>().detail).toContain(`the attribute "${name}" holds ${codePoint}`)
  }
  expect(door.published).toEqual([])
})

test('a name that the wire cannot carry is refused, and so is data that says it is a whole event', async () => {
  const door = await openDoor()
  for (const change of [{ ['a'.repeat(65)]: 'x' }, { ['a'.repeat(250)]: 'x' }])
    expect((await postStructured(door, { ...event, ...change })).json()).toMatchObject({ code: 'invalid-event' })
  for (const datacontenttype of ['application/cloudevents+json', `application/${'a'.repeat(300)}+json`, 'a b+json'])
    expect((await postStructured(door, { ...event, datacontenttype })).statusCode).toBe(415)
  expect((await postStructured(door, { ...event, ['a'.repeat(64)]: 'x' })).statusCode).toBe(202)
  expect(door.published).toHaveLength(1)
})

test.each(['%00', '%0D%0A', '%C2%85'])('a header that says %s is refused', async (encoded) => {
  const door = await openDoor()
  for (const name of ['ce-id', 'ce-subject']) {
    const response = await door.post('/messages', order, { headers: { ...binary, [name]: `x${encoded}` } })
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([400, 'invalid-event'])
  }
  expect(door.published).toEqual([])
})

test('all other characters are taken, also those of two UTF-16 units', async () => {
  const door = await openDoor()
  const id = ' ~\u00a0\ud7ff\ue000\ufffd😀'
  expect((await postStructured(door, { ...event, id, subject: id })).statusCode).toBe(202)
  expect(door.published[0]?.envelope).toMatchObject({ id, extensions: { subject: id } })
})

test.each([
  ['time', ''],
  ['time', '23 November 2026'],
  ['time', 5],
  ['source', 'not a reference'],
  ['dataschema', 'not-absolute'],
  ['subject', ''],
  ['datacontenttype', ''],
  ['Upper', 'x'],
  ['with_line', 'x'],
  ['half', 0.5],
  ['list', ['x']],
])('the attribute %s cannot be %j', async (name, value) => {
  const door = await openDoor()
  const response = await postStructured(door, { ...event, [name]: value })
  expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([400, 'invalid-event'])
  expect(response.json<{ detail: string }>().detail).toContain(name)
  expect(door.published).toEqual([])
})

test('an extension may have any name that CloudEvents 1.0 allows, such as one that 0.3 had another meaning for', async () => {
  const door = await openDoor()
  const response = await postStructured(door, { ...event, schemaurl: 'https://example.com', a1: true, b: -7 })
  expect(response.statusCode).toBe(202)
  expect(door.published[0]?.envelope.extensions).toMatchObject({
    schemaurl: 'https://example.com',
    a1: 'true',
    b: '-7',
  })
})
