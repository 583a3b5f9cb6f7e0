/** Looking at dead letters over HTTP, against a real broker: all is told, and nothing moves. */
import { useBroker } from '../support/broker'
import { howMany } from '../support/how-many'
import { idsOf } from './dead-letter-fixtures'
import { lettersIn, useConsole } from './console-fixtures'

const broker = useBroker()

const place = useConsole(broker)

test('tells of groups, letters, failures and one letter whole, and leaves each where it is', async () => {
  const { park, get, settled } = place
  await park(['a', 'b/ü %2F'])
  const body = Buffer.from('{"orderId":"bad","amountCents":0}')
  await park(['bad'], { headers: { 'handoff-reason': 'invalid' }, body })
  const groups = await get('/dead-letters')
  expect(groups.json['groups']).toContainEqual({ name: 'ledger', ready: 3, links: { self: '/dead-letters/ledger' } })
  expect(groups.headers.get('cache-control')).toBe('no-store')
  const list = await get('/dead-letters/ledger')
  expect(list.json).toMatchObject({ group: 'ledger', ready: 3, seen: 'all' })
  expect(lettersIn(list).map(({ id }) => id)).toEqual(['a', 'b/ü %2F', 'bad'])
  expect(lettersIn(list)[0]).toMatchObject({ reason: 'failed', attempts: 5, route: 'console.events.v1/order.placed' })
  const links = lettersIn(list)[1]?.['links'] as { self: string }
  expect(lettersIn(await get(links.self))).toMatchObject([{ id: 'b/ü %2F', schemaErrors: [] }])
  const [bad] = lettersIn(await get('/dead-letters/ledger/bad'))
  expect(bad).toMatchObject({ id: 'bad', headers: { 'handoff-group': 'ledger' }, body: body.toString() })
  expect(bad).toMatchObject({ replaysTo: 'console.ledger.v1' })
  expect(bad).not.toHaveProperty('data')
  expect(bad?.['schemaErrors']).toContainEqual({ pointer: '/amountCents', detail: 'must be >= 1' })
  const failures = (await get('/dead-letters/ledger/failures')).json['failures'] as { signature: string }[]
  expect(failures).toMatchObject([
    { count: 2, reason: 'failed', example: 'a' },
    { count: 1, reason: 'invalid' },
  ])
  const ids = async (query: string) => lettersIn(await get(`/dead-letters/ledger?${query}`)).map(({ id }) => id)
  expect(await ids(`signature=${failures[0]?.signature}&where=${encodeURIComponent('/orderId=a')}`)).toEqual(['a'])
  expect(await ids('reason=invalid&type=order.placed&since=2026-01-01')).toEqual(['bad'])
  expect(await ids('until=2026-01-01')).toEqual([])
  expect(await ids('limit=1')).toEqual(['a'])
  expect([await ids('limit=1&skip=1'), await ids('skip=3'), await ids('skip=1&reason=failed')]).toEqual([
    ...[['b/ü %2F'], [], ['b/ü %2F']],
  ])
  expect([await ids('text=LEDGER%20was'), await ids('text=b/%C3%9C'), await ids('text=nowhere')]).toEqual([
    ...[['a', 'b/ü %2F', 'bad'], ['b/ü %2F'], []],
  ])
  await settled('ledger.dead', 3)
})

test('of an event in structured mode it tells the data as well', async () => {
  const { raw, get } = place
  const data = { orderId: 's', amountCents: 0 }
  const event = { specversion: '1.0', id: 's', source: '/test', type: 'order.placed', data }
  await raw.publishRaw('', 'console.ledger.dead.v1', Buffer.from(JSON.stringify(event)), {
    contentType: 'application/cloudevents+json',
    headers: { 'handoff-reason': 'invalid' },
  })
  const [letter] = lettersIn(await get('/dead-letters/ledger/s'))
  expect(letter).toMatchObject({ id: 's', body: JSON.stringify(event), data: JSON.stringify(data) })
})

test('two people who look at once both see every letter, again and again', async () => {
  const { park, get, settled } = place
  const ids = idsOf(50, 'both')
  await park(ids)
  for (let round = 0; round < howMany({ sampled: 2, long: 50 }); round++) {
    const lists = await Promise.all([1, 2, 3].map(() => get('/dead-letters/ledger?limit=100')))
    for (const list of lists)
      expect(
        lettersIn(list)
          .map(({ id }) => String(id))
          .sort(),
      ).toEqual([...ids].sort())
  }
  await settled('ledger.dead', 50)
})

test('what is not there is 404, and what is not taken 422 with the place', async () => {
  const { get } = place
  expect((await get('/dead-letters/nobody')).json).toMatchObject({ status: 404, code: 'unknown-group' })
  expect((await get('/dead-letters/ledger/x-1')).json).toMatchObject({ status: 404, code: 'unknown-letter' })
  for (const [query, pointer] of [
    ['reson=failed', '/reson'],
    ['since=yesterday', '/since'],
    ['where=orderId', '/where'],
    ['limit=0', '/limit'],
    ['skip=-1', '/skip'],
    ['text=', '/text'],
  ])
    expect((await get(`/dead-letters/ledger?${query}`)).json).toMatchObject({
      status: 422,
      code: 'invalid-request',
      errors: [{ pointer }],
    })
})

test('when those of each kind died is told over one time, and not for those that do not say it', async () => {
  const { park, get } = place
  const dead = (kind: string, at: string | undefined) => ({
    headers: { 'handoff-reason': kind, 'handoff-dead-at': at },
  })
  await park(['a', 'b'], dead('early', '2026-01-01T00:00:00.000Z'))
  await park(['c'], dead('early', '2026-01-01T00:00:03.000Z'))
  await park(['d'], dead('late', '2026-01-01T00:00:04.500Z'))
  await park(['e'], dead('never', undefined))
  const { deaths, failures } = (await get('/dead-letters/ledger/failures')).json
  expect(deaths).toEqual({ from: '2026-01-01T00:00:00.000Z', pieceSeconds: 1 })
  const all = failures as readonly { reason: string; deaths?: readonly number[] }[]
  expect(Object.fromEntries(all.map((kind) => [kind.reason, kind.deaths]))).toEqual({
    ...{ early: [2, 0, 0, 1, 0], late: [0, 0, 0, 0, 1], never: undefined },
  })
})

test('all of 1,200 are reached page by page, each once, and searched to the last', async () => {
  const { park, get } = place
  await park(idsOf(1_200, 'many'))
  const found: unknown[] = []
  for (const skip of [0, 1_000]) {
    const page = await get(`/dead-letters/ledger?limit=1000&skip=${skip}`)
    expect(page.json['seen']).toBe(skip === 1_000 ? 'all' : 'up to the limit')
    found.push(...lettersIn(page).map(({ id }) => id))
  }
  expect([found.length, new Set(found).size]).toEqual([1_200, 1_200])
  expect(lettersIn(await get(`/dead-letters/ledger?text=${String(found.at(-1))}`)).at(-1)).toMatchObject({
    id: found.at(-1),
  })
}, 120_000)
