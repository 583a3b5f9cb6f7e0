/** Looking at dead letters by the command line, as often and by as many as may be, changes nothing. */
import { connectRaw } from '../support/amqp-client'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { figure } from '../support/figures'
import { howMany } from '../support/how-many'
import { startService } from '../support/service'
import { idsOf, parkOrders } from './dead-letter-fixtures'
import { handoff, jsonLines, startHandoff } from './handoff'
import { order } from './pair'

const broker = useBroker()

/** A namespace whose queues are declared, with these dead letters and nobody who consumes. */
async function parked(namespace: string, ids: readonly string[], headers?: Readonly<Record<string, unknown>>) {
  const producer = await startService('producer', { BROKER_URL: broker.url, NAMESPACE: namespace })
  const raw = await connectRaw(broker.url)
  await parkOrders(raw, { namespace, ids, ...(headers && { headers }) })
  const env = { BROKER_URL: broker.url, NAMESPACE: namespace }
  const ready = () => raw.countReady(`${namespace}.ledger.dead.v1`)
  return { raw, ready, env, producer, run: (...args: string[]) => handoff(['dead', ...args], { env }) }
}

test('list tells the facts of each, oldest first, and how many there are', async () => {
  const { run } = await parked('listed', ['a', 'b', 'c'])
  const { code, stdout } = await run('list', 'ledger', '--limit', '2')
  const lines = stdout.trimEnd().split('\n')
  expect(lines[0]).toMatch(/^ID +TYPE +REASON +ATTEMPTS +FIRST SEEN +DEAD AT +ERROR$/)
  expect(lines.slice(1, 3).map((line) => line.split(/ {2,}/))).toEqual([
    ['a', 'order.placed', 'failed', '5', '2025-12-31T23:00:00.000Z', '2026-01-01T00:00:00.000Z', expect.anything()],
    ['b', 'order.placed', 'failed', '5', '2025-12-31T23:00:00.000Z', '2026-01-01T00:00:00.001Z', expect.anything()],
  ])
  expect(lines[3]).toBe('2 dead letters of group ledger, of 3; --limit shows more')
  expect(code).toBe(0)
})

test('list picks by reason and type; its JSON holds the whole letter', async () => {
  const { run, raw } = await parked('picked', ['a'])
  await parkOrders(raw, { namespace: 'picked', ids: ['b'], headers: { 'handoff-reason': 'timeout' } })
  const { stdout } = await run('list', 'ledger', '--reason', 'timeout', '--type', 'order.placed', '--json')
  expect(jsonLines(stdout)).toMatchObject([
    {
      id: 'b',
      source: '/test',
      reason: 'timeout',
      attempts: 5,
      replays: 0,
      stack: expect.stringContaining('at book') as string,
    },
  ])
  expect((await run('list', 'ledger', '--type', 'hello')).stdout).toBe('0 dead letters of group ledger, of 2\n')
})

test('groups counts letters by what they died of, and each kind can be selected', async () => {
  const { run, raw } = await parked('grouped', ['a'])
  for (const [id, error, reason] of [
    ['b', 'Reject: payment "P-1" was captured by message 01a20752-2f04-7c11-8d20-3a6c0f5be91e', 'rejected'],
    ['c', 'Reject: payment "P-2" was captured by message 01a20752-2f04-7c11-8d20-3a6c0f5be92f', 'rejected'],
  ] as const)
    await parkOrders(raw, {
      namespace: 'grouped',
      ids: [id],
      headers: { 'handoff-reason': reason, 'handoff-error': error },
    })
  const groups = jsonLines((await run('groups', 'ledger', '--json')).stdout)
  expect(groups).toMatchObject([
    { count: 2, reason: 'rejected', example: 'b', pattern: 'Reject: payment … was captured by message …' },
    { count: 1, reason: 'failed', example: 'a' },
  ])
  const { stdout } = await run('groups', 'ledger')
  expect(stdout).toMatch(/^SIGNATURE +COUNT +TYPE/)
  expect(stdout).toMatch(/3 dead letters of group ledger, of 3, in 2 kinds of failure\n$/)
  const signature = String(groups[0]?.['signature'])
  const ids = async (...facts: string[]) =>
    jsonLines((await run('list', 'ledger', '--json', ...facts)).stdout).map(({ id }) => id)
  expect(await ids('--signature', signature)).toEqual(['b', 'c'])
  expect(await ids('--signature', signature, '--where', '/orderId=c')).toEqual(['c'])
  expect(await ids('--where', '/amountCents=4200', '--until', '2026-01-01T00:00:00Z')).toEqual([])
  expect(await ids('--since', '2026-01-01', '--where', '/orderId=a')).toEqual(['a'])
})

test('show marks what the schema finds wrong', async () => {
  const { run, raw } = await parked('marked', [])
  await parkOrders(raw, { namespace: 'marked', ids: ['bad'], body: Buffer.from('{"orderId":"bad","amountCents":0}') })
  const { stdout } = await run('show', 'ledger', 'bad')
  expect(stdout).toMatch(/what the schema finds wrong\n +\/customerEmail +must have required property/)
  expect(stdout).toMatch(/\/amountCents +must be >= 1/)
  const [letter] = jsonLines((await run('show', 'ledger', 'bad', '--json')).stdout)
  expect(letter?.['schemaErrors']).toContainEqual({ pointer: '/amountCents', detail: 'must be >= 1' })
})

test('show prints everything: facts, properties, headers, body and stack', async () => {
  const { run } = await parked('shown', ['a'], { 'x-strange': '\u001b[2Jgone' })
  const { stdout } = await run('show', 'ledger', 'a')
  expect(stdout).toMatch(/^ +reason +failed$/m)
  expect(stdout).toMatch(/correlationId +c-1/)
  expect(stdout).toMatch(/handoff-group +ledger/)
  expect(stdout).toContain('"orderId": "a"')
  expect(stdout).toContain('\n    at book (ledger.ts:1:1)')
  expect(stdout).toContain('\\u001b[2Jgone')
  expect(stdout).not.toContain('\u001b')
})

test('what does not exist is named, with what does', async () => {
  const { run } = await parked('missing', [])
  expect(await run('list', 'nobody')).toMatchObject({
    code: 1,
    stderr: 'handoff: there is no group "nobody"; the groups are ledger, mail, payments, webhooks, greetings\n',
  })
  expect(await run('show', 'ledger', 'x-1')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('group ledger has no dead letter "x-1"') as string,
  })
  const env = { BROKER_URL: broker.url, NAMESPACE: 'undeclared' }
  expect((await handoff(['dead', 'list', 'ledger'], { env })).stderr).toMatch(
    /has no queue undeclared\.ledger\.dead\.v1/,
  )
})

test('looking again and again changes neither the number of the letters nor their order', async () => {
  const ids = idsOf(20, 'look')
  const { run, ready } = await parked('looked', ids)
  for (let looks = 0; looks < howMany({ sampled: 4, long: 100 }); looks++) {
    const { stdout } =
      looks % 2 === 0 ? await run('list', 'ledger', '--json') : await run('show', 'ledger', 'look-3', '--json')
    expect(jsonLines(stdout).map(({ id }) => id)).toEqual(looks % 2 === 0 ? ids : ['look-3'])
  }
  await eventually('all are there', async () => (await ready()) === ids.length)
})

test('looks that end early, one shorter than the other, leave the order as it is', async () => {
  const ids = idsOf(200, 'short')
  const { run, ready } = await parked('short', ids)
  const list = async (limit: number) => {
    const { stdout } = await run('list', 'ledger', '--json', '--limit', String(limit))
    return jsonLines(stdout).map(({ id }) => id)
  }
  for (const limit of [150, 1, 100, 2, 1_000]) {
    expect(await list(limit)).toEqual(ids.slice(0, limit))
    await eventually('all are there', async () => (await ready()) === ids.length)
  }
})

test('two who look at once meet no letter together, and lose none', async () => {
  const ids = idsOf(howMany({ sampled: 100, long: 200 }), 'both')
  const { run, ready } = await parked('both', ids)
  for (let rounds = 0; rounds < howMany({ sampled: 1, long: 30 }); rounds++) {
    const looks = await Promise.all([1, 2, 3].map(() => run('list', 'ledger', '--json', '--limit', '1000')))
    for (const { stdout, code } of looks) {
      expect(code).toBe(0)
      const seen = jsonLines(stdout).map(({ id }) => id)
      expect(new Set(seen).size).toBe(seen.length)
    }
    await eventually('all are there', async () => (await ready()) === ids.length)
  }
  const { stdout } = await run('list', 'ledger', '--json', '--limit', '1000')
  expect(
    jsonLines(stdout)
      .map(({ id }) => id)
      .sort(),
  ).toEqual([...ids].sort())
})

test('a look that is killed while it holds letters gives all of them back, whole', async () => {
  const ids = idsOf(howMany({ sampled: 1_000, long: 3_000 }), 'killed')
  const { run, ready, env } = await parked('killed', ids)
  for (let kills = 0; kills < howMany({ sampled: 1, long: 30 }); kills++) {
    const look = startHandoff(['dead', 'list', 'ledger', '--json', '--limit', '3000'], { env })
    await eventually('it has met some', () => look.stdout().includes('\n'))
    // Held in the middle, so that it cannot come to its end before anybody has seen what it holds.
    look.kill('SIGSTOP')
    expect(await ready()).toBeLessThan(ids.length)
    look.kill('SIGKILL')
    expect((await look.ended).code).toBeNull()
    await eventually('all are there', async () => (await ready()) === ids.length)
  }
  const letters = jsonLines((await run('list', 'ledger', '--json', '--limit', '3000')).stdout)
  expect(letters.map(({ id }) => String(id)).sort()).toEqual([...ids].sort())
  for (const { id, body } of letters) expect(JSON.parse(String(body))).toEqual(order(String(id)))
})

test('thousands of letters are looked through for one', async () => {
  const count = howMany({ sampled: 2_000, long: 10_000 })
  const { run, ready } = await parked('many', idsOf(count, 'many'))
  const startedAt = performance.now()
  const { stdout, code } = await run('show', 'ledger', `many-${count - 1}`, '--json')
  figure(`the last of ${count} dead letters shown after`, performance.now() - startedAt, 'ms')
  expect({ code, ids: jsonLines(stdout).map(({ id }) => id) }).toEqual({ code: 0, ids: [`many-${count - 1}`] })
  await eventually('all are there', async () => (await ready()) === count)
})

test('a broker that is away is said within seconds, without its password', async () => {
  const env = { BROKER_URL: 'amqp://guest:s3cr3t-word@127.0.0.1:1,amqp://guest:s3cr3t-word@127.0.0.1:2' }
  const startedAt = performance.now()
  const after = async <T>(answer: Promise<T>) => ({ answer: await answer, ms: performance.now() - startedAt })
  // Beside one that asks nobody: on a busy machine, a command takes seconds to start.
  const [{ answer, ms }, start] = await Promise.all([
    after(handoff(['dead', 'list', 'ledger'], { env })),
    after(handoff(['--version'])),
  ])
  expect(ms).toBeLessThan(2 * start.ms + 3_000)
  const { code, stdout, stderr } = answer
  expect(stderr).toMatch(
    /^handoff: the broker cannot be reached at 127\.0\.0\.1:1 \(.*\), 127\.0\.0\.1:2 \(.*\); start it/,
  )
  expect(`${stdout}${stderr}`).not.toContain('s3cr3t-word')
  expect(code).toBe(1)
})

test('a wrong password is said, and not shown', async () => {
  const env = { BROKER_URL: broker.url.replace(/\/\/[^@]*@|\/\//, '//guest:s3cr3t-word@') }
  const { code, stdout, stderr } = await handoff(['dead', 'list', 'ledger'], { env })
  expect(stderr).toMatch(/ACCESS_REFUSED|ACCESS-REFUSED/)
  expect(`${stdout}${stderr}`).not.toContain('s3cr3t-word')
  expect(code).toBe(1)
})
