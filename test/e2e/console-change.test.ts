/** Changing dead letters over HTTP, against a real broker. */
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { howMany } from '../support/how-many'
import { jsonLines } from './handoff'
import { idsOf } from './dead-letter-fixtures'
import { lastLine, lettersIn, useConsole } from './console-fixtures'

const broker = useBroker()

const place = useConsole(broker)
const change = (what: string, body: unknown) => place.post(`/dead-letters/ledger/${what}`, body)

test('replays one, by a filter and all, each to its group alone, and the audit says who and why', async () => {
  const { park, taken, settled, ready, audits } = place
  await park(['a', 'b', 'c', 'd'])
  await park(['t'], { headers: { 'handoff-reason': 'timeout' } })
  const one = await change('replay', { selection: { ids: ['b'] }, reason: 'a drill' })
  expect(one.status).toBe(200)
  // What takes longer than a second tells in between how far it is.
  expect(jsonLines(one.text).filter(({ step }) => step !== 'moving')).toEqual([
    { step: 'begin', selected: 1, moved: 0 },
    { step: 'end', selected: 1, moved: 1 },
  ])
  await settled('ledger', 1)
  expect(await taken('ledger')).toEqual(['b'])
  await settled('ledger.dead', 4)
  const where = [{ pointer: '/amountCents', value: 4200 }]
  expect(lastLine(await change('replay', { selection: { reason: 'timeout', where } }))).toMatchObject({ moved: 1 })
  await settled('ledger.dead', 3)
  const all = await change('replay', { selection: { all: true }, expected: 3 })
  expect(lastLine(all)).toEqual({ step: 'end', selected: 3, moved: 3 })
  await settled('ledger', 4)
  expect((await taken('ledger')).sort()).toEqual(['a', 'c', 'd', 't'])
  expect([await ready('ledger.dead'), await ready('mail')]).toEqual([0, 0])
  const facts = { user: 'anonymous', group: 'ledger', selection: { by: 'ids', ids: ['b'] }, why: 'a drill' }
  expect(audits().slice(0, 2)).toMatchObject([
    { ...facts, msg: 'audit: dead replay', step: 'begin', selected: 1, moved: 0 },
    { ...facts, msg: 'audit: dead replay', step: 'end', selected: 1, moved: 1 },
  ])
})

test('a dry run tells how many and where each would go; it and a wrong expectation touch nothing', async () => {
  const { park, audits, settled, ready } = place
  await park(['a', 'b'])
  const told = audits().length
  const replay = await change('replay', { selection: { all: true }, dryRun: true })
  const to = 'console.ledger.v1'
  expect(replay.json).toMatchObject({ dryRun: true, selected: 2, seen: 'all' })
  expect(lettersIn(replay)).toEqual(['a', 'b'].map((id) => ({ id, type: 'order.placed', reason: 'failed', to })))
  const discard = await change('discard', { selection: { ids: ['a'] }, dryRun: true, reason: 'r' })
  expect(lettersIn(discard)).toMatchObject([{ id: 'a', to: null }])
  for (const what of ['replay', 'discard'])
    for (const dryRun of [true, false])
      expect((await change(what, { selection: { all: true }, expected: 3, reason: 'r', dryRun })).json).toMatchObject({
        status: 409,
        code: 'count-differs',
        selected: 2,
        expected: 3,
      })
  expect((await change('replay', { selection: { ids: ['a', 'x'] } })).json).toMatchObject({ code: 'unknown-letter' })
  await settled('ledger.dead', 2)
  expect([await ready('ledger'), audits().length]).toEqual([0, told])
})

test('discards for good, for a reason', async () => {
  const { park, taken, settled, audits } = place
  await park(['a', 'b'])
  expect((await change('discard', { selection: { ids: ['a'] } })).json).toMatchObject({
    code: 'invalid-request',
    errors: [{ pointer: '/reason' }],
  })
  expect(lastLine(await change('discard', { selection: { ids: ['a'] }, reason: 'a test order' }))).toEqual({
    step: 'end',
    selected: 1,
    moved: 1,
  })
  await settled('ledger.dead', 1)
  expect(await taken('ledger.dead')).toEqual(['b'])
  expect(audits().at(-1)).toMatchObject({ msg: 'audit: dead discard', why: 'a test order', moved: 1 })
})

test('edits: a new message follows from the old one; data that does not fit leaves the letter', async () => {
  const { post, park, raws, settled, ready } = place
  await park(['a', 'w'])
  const edit = (id: string, body: unknown) => post(`/dead-letters/ledger/${id}/edit`, body)
  const unfit = await edit('a', { set: { '/amountCents': 0 } })
  expect(unfit.json).toMatchObject({ status: 422, code: 'refused-operation' })
  expect(unfit.json['detail']).toContain('/amountCents must be >= 1')
  expect((await edit('a', { unset: ['note'] })).json).toMatchObject({ errors: [{ pointer: '/unset' }] })
  const many = await edit('a', { set: { '/amountCents': 4300 }, expected: 2 })
  expect(many.json).toMatchObject({ status: 409, code: 'count-differs', selected: 1, expected: 2 })
  await settled('ledger.dead', 2)
  const { json } = await edit('a', { set: { '/amountCents': 4300 }, expected: 1, reason: 'mistyped' })
  expect(json).toEqual({ group: 'ledger', id: 'a', sentAs: expect.any(String) as string, moved: 1 })
  const whole = { orderId: 'w', customerEmail: 'a@b.example', amountCents: 1, currency: 'EUR' }
  expect((await edit('w', { data: whole })).status).toBe(200)
  await settled('ledger', 2)
  const [changed, replaced] = await raws('ledger')
  expect(changed?.properties).toMatchObject({ messageId: json['sentAs'], appId: 'handoff-console' })
  expect(changed?.properties.headers).toMatchObject({ cloudEvents_causationid: 'a' })
  expect(JSON.parse(String(changed?.content))).toMatchObject({ orderId: 'a', amountCents: 4300 })
  expect(JSON.parse(String(replaced?.content))).toEqual(whole)
  expect(await ready('ledger.dead')).toBe(0)
})

test('what is exported, discarded and imported is there again; again, it is skipped', async () => {
  const { get, put, park, raws, settled } = place
  const ids = idsOf(300, 'kept')
  await park(ids, { headers: { 'x-long': { '!': 'int64', value: '9007199254740993' } } })
  const before = await get('/dead-letters/ledger/export')
  expect(before.headers.get('content-type')).toBe('application/x-ndjson')
  expect(jsonLines(before.text).map(({ id }) => id)).toEqual(ids)
  expect(jsonLines((await get('/dead-letters/ledger/export?id=kept-7&id=kept-9')).text)).toHaveLength(2)
  expect(lastLine(await change('discard', { selection: { all: true }, reason: 'kept' }))).toMatchObject({
    moved: 300,
  })
  await settled('ledger.dead', 0)
  const imported = await put('/dead-letters/ledger/import?reason=back', before.text)
  expect(jsonLines(imported.text).slice(0, 1)).toEqual([{ line: 1, outcome: 'imported', id: 'kept-0' }])
  expect(lastLine(imported)).toEqual({ step: 'end', imported: 300, skipped: 0 })
  await settled('ledger.dead', 300)
  const withoutUser = ({ properties, ...line }: Readonly<Record<string, unknown>>) => {
    const { userId: _, ...others } = properties as Record<string, unknown>
    return { ...line, properties: others }
  }
  const after = await get('/dead-letters/ledger/export')
  expect(jsonLines(after.text).map(withoutUser)).toEqual(jsonLines(before.text).map(withoutUser))
  expect(lastLine(await put('/dead-letters/ledger/import', before.text))).toMatchObject({ imported: 0, skipped: 300 })
  await settled('ledger.dead', 300)
  expect(await raws('ledger.dead')).toHaveLength(300)
})

test('one bad line, and nothing is imported', async () => {
  const { get, put, park, ready, settled } = place
  await park(['a'])
  const { text } = await get('/dead-letters/ledger/export')
  const foreign = text.replace('"group":"ledger"', '"group":"mail"')
  const answer = await put('/dead-letters/ledger/import?present=again', `${text}nonsense\n${foreign}`)
  expect(answer.json).toMatchObject({
    status: 422,
    code: 'bad-lines',
    lines: [
      { line: 2, detail: 'it is not JSON' },
      { line: 3, detail: 'it is of the group "mail"; import it there, or say ?from=any' },
    ],
  })
  await settled('ledger.dead', 1)
  expect(lastLine(await put('/dead-letters/ledger/import?from=any&present=again', foreign))).toMatchObject({
    imported: 1,
  })
  await settled('ledger.dead', 2)
  expect(await ready('mail.dead')).toBe(0)
})

test('two replays at once move each letter once', async () => {
  const { park, taken, settled } = place
  const ids = idsOf(howMany({ sampled: 200, long: 2_000 }), 'twice')
  await park(ids)
  const replays = await Promise.all([1, 2].map(() => change('replay', { selection: { all: true } })))
  const moved = replays.map((answer) => Number(lastLine(answer)?.['moved']))
  expect((moved[0] ?? 0) + (moved[1] ?? 0)).toBe(ids.length)
  await settled('ledger.dead', 0)
  expect((await taken('ledger')).sort()).toEqual([...ids].sort())
})

test('a caller who goes away ends a replay between two letters: each is moved or in its place', async () => {
  const { url, park, taken, settled, ready, audits } = place
  const ids = idsOf(100, 'gone')
  await park(ids)
  const told = audits().length
  const gone = new AbortController()
  const response = await fetch(`${url}/dead-letters/ledger/replay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ selection: { all: true }, ratePerSecond: 5 }),
    signal: gone.signal,
  })
  expect(response.status).toBe(200)
  await eventually('some are replayed', async () => (await ready('ledger')) >= 5)
  gone.abort()
  await eventually('it has ended', () => audits().length === told + 2)
  const { moved } = audits().at(-1) as { moved: number }
  expect(moved).toBeGreaterThanOrEqual(5)
  expect(moved).toBeLessThan(ids.length)
  await settled('ledger.dead', ids.length - moved)
  expect(await taken('ledger')).toEqual(ids.slice(0, moved))
  expect((await taken('ledger.dead')).sort()).toEqual([...ids.slice(moved)].sort())
})

test('tells of each letter what became of it, where that is asked for', async () => {
  const { park, settled } = place
  await park(['a', 'b', 'c'])
  const replayed = await change('replay', { selection: { ids: ['a', 'b'] }, each: true })
  const letter = { step: 'letter', source: '/test', type: 'order.placed' }
  expect(jsonLines(replayed.text).filter(({ step }) => step === 'letter')).toEqual(
    ['a', 'b'].map((id) => ({ ...letter, id, outcome: 'replayed', to: 'console.ledger.v1' })),
  )
  await settled('ledger.dead', 1)
  const discarded = await change('discard', { selection: { all: true }, each: true, reason: 'r' })
  expect(jsonLines(discarded.text).filter(({ step }) => step === 'letter')).toEqual([
    { ...letter, id: 'c', outcome: 'discarded' },
  ])
})

test('a letter that its queue does not take is told as refused, with why, and those behind it as left', async () => {
  const { park, settled, ready } = place
  await broker.management.setPolicy('full', '^console\\.ledger\\.v1$', { 'max-length': 0, overflow: 'reject-publish' })
  await park(['a', 'b', 'c'])
  const outcomes = await eventually('the policy counts', async () => {
    const { text } = await change('replay', { selection: { ids: ['a', 'b', 'c'] }, each: true })
    const lines = jsonLines(text)
    if (lines.at(-1)?.['step'] === 'failed') return lines.filter(({ step }) => step === 'letter')
    await settled('ledger', 3)
    await place.empty('ledger')
    await park(['a', 'b', 'c'])
    return false
  })
  await broker.management.deletePolicy('full')
  expect(outcomes.filter(({ outcome }) => outcome !== 'replayed')).toMatchObject([
    { outcome: 'refused', detail: expect.stringMatching(/was not replayed and stays/) as string },
    ...outcomes.slice(outcomes.findIndex(({ outcome }) => outcome === 'refused') + 1).map(() => ({ outcome: 'left' })),
  ])
  await eventually('each is in its place', async () => (await ready('ledger.dead')) + (await ready('ledger')) === 3)
})
