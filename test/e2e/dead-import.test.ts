/** Exported dead letters that are put back, by the command line: which of them, where, and how far. */
import { writeFile } from 'node:fs/promises'
import { useBroker } from '../support/broker'
import { eventually } from '../support/eventually'
import { howMany } from '../support/how-many'
import { pressed } from '../support/pressed'
import { idsOf, parkOrders } from './dead-letter-fixtures'
import { startHandoff } from './handoff'
import { declaredWithFile } from './letters-file'
import { order, startPair } from './pair'

const broker = useBroker()
const declared = (namespace: string) => declaredWithFile(broker, namespace)

test('one bad line, and nothing is imported', async () => {
  const { raw, dead, file, ready, exported } = await declared('refused')
  await parkOrders(raw, { namespace: 'refused', ids: ['a'] })
  const [line] = await exported(1)
  const far = { ...line, headers: { 'x-far': { '!': 'int8', value: 300 } } }
  const lines = [line, { ...line, group: 'nobody' }, far].map((each) => JSON.stringify(each))
  await writeFile(file, [...lines, 'not JSON', ''].join('\n'))
  const { code, stdout, stderr } = await dead('import', file, '--force')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr.trimEnd().split('\n')).toEqual([
    'handoff: nothing was imported, since 3 of 4 lines cannot be',
    'line 2: there is no group "nobody"; the groups are ledger, mail, payments, webhooks, greetings',
    'line 3: header "x-far": 300 is beyond int8',
    'line 4: it is not JSON',
  ])
  expect(await dead('import', `${file}.absent`)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('cannot be read: ENOENT') as string,
  })
  await ready(1)
})

test('what is there already is skipped, unless it is asked for; --group puts all into another', async () => {
  const { raw, dead, file, ready, empty } = await declared('there')
  await parkOrders(raw, { namespace: 'there', ids: ['a', 'b'] })
  await ready(2)
  expect((await dead('export', 'ledger', '--output', file)).code).toBe(0)
  await empty(2)
  await parkOrders(raw, { namespace: 'there', ids: ['a'] })
  // It died once more since: another death.
  await parkOrders(raw, { namespace: 'there', ids: ['b'], headers: { 'handoff-replays': 1 } })
  await ready(2)
  expect((await dead('import', file)).stdout.split('\n').slice(0, 3)).toEqual([
    'skipped  a  order.placed  failed',
    'imported  b  order.placed  failed',
    'imported 1 dead letter; 1 of the file were there already',
  ])
  await ready(3)
  expect((await dead('import', file, '--force')).stdout).toContain('imported 2 dead letters\n')
  await ready(5)
  expect((await dead('import', file, '--group', 'mail')).stdout).toContain('imported 2 dead letters\n')
  expect(await raw.countReady('there.mail.dead.v1')).toBe(2)
})

test('another group is handed letters: exported, imported there and replayed, they go to it alone', async () => {
  const { raw, dead, file, ready } = await declared('handed')
  await parkOrders(raw, { namespace: 'handed', ids: ['a', 'b'] })
  await ready(2)
  expect((await dead('export', 'ledger', '--output', file)).code).toBe(0)
  expect((await dead('import', file, '--group', 'mail', '--why', 'the ledger is given up')).code).toBe(0)
  expect((await dead('replay', 'mail', '--all', '--yes')).stdout).toContain('replayed 2 dead letters of group mail\n')
  const handed = await raw.getAll('handed.mail.v1')
  expect(handed.map(({ properties }) => String(properties.messageId))).toEqual(['a', 'b'])
  expect(await raw.countReady('handed.ledger.v1')).toBe(0)
  // They lie there until somebody discards them.
  await ready(2)
})

test.each(['SIGINT', 'SIGKILL'] as const)(
  'an import that %s ends goes on where it was, and all are in once',
  async (signal) => {
    const namespace = `ended-${signal.toLowerCase()}`
    const { raw, dead, env, file, queue, ready, empty } = await declared(namespace)
    const ids = idsOf(howMany({ sampled: 1_000, long: 5_000 }), 'ended')
    await parkOrders(raw, { namespace, ids })
    await ready(ids.length)
    expect((await dead('export', 'ledger', '--output', file)).code).toBe(0)
    const isIn = async () => (await raw.channel.checkQueue(queue)).messageCount
    const { code, stderr } = await pressed(async () => {
      await empty(ids.length)
      const run = startHandoff(['dead', 'import', file], { env })
      await eventually('some are in', () => run.stdout().includes('\n'))
      run.kill(signal)
      const ended = await run.ended
      return ended.code === 0 || (await isIn()) === ids.length ? undefined : ended
    })
    expect(code).toBe(signal === 'SIGINT' ? 1 : null)
    if (signal === 'SIGINT')
      expect(stderr).toMatch(
        /\d+ dead letters are in and 0 were there, all before line \d+; that line is not: it was interrupted\. To go on, repeat the command/,
      )
    expect(await isIn()).toBeGreaterThan(0)
    expect(await isIn()).toBeLessThan(ids.length)
    expect((await dead('import', file)).code).toBe(0)
    await ready(ids.length)
    expect((await raw.getAll(queue)).map(({ properties }) => String(properties.messageId))).toEqual(ids)
  },
)

test('a letter that cannot be put says how far the import came', async () => {
  const { raw, dead, file, ready, empty } = await declared('unbound')
  await parkOrders(raw, { namespace: 'unbound', ids: ['a'] })
  await ready(1)
  expect((await dead('export', 'ledger', '--output', file)).code).toBe(0)
  await empty(1)
  await raw.channel.unbindQueue('unbound.ledger.dead.v1', 'unbound.requeue.v1', 'unbound.ledger.dead.v1')
  expect(await dead('import', file)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /0 dead letters are in and 0 were there, all before line 1; that line is not: no queue is bound for it/,
    ) as string,
  })
})

test('what is imported and replayed has its effect once, though it is there twice', async () => {
  const { rows } = await startPair(broker.url, { NAMESPACE: 'replayed' })
  const { raw, dead, file, ready, empty } = await declared('replayed')
  await parkOrders(raw, { namespace: 'replayed', ids: ['a'] })
  await ready(1)
  expect((await dead('export', 'ledger', '--output', file)).code).toBe(0)
  await empty(1)
  await dead('import', file)
  await dead('import', file, '--force')
  await ready(2)
  expect((await dead('replay', 'ledger', '--all', '--yes')).code).toBe(0)
  await eventually('the effect', async () => (await rows('select 1 from ledger_entries')).length > 0)
  await broker.management.eventuallyDrained(['replayed.ledger.v1'], { withinMs: 60_000 })
  expect(await rows('select message_id, order_id from ledger_entries')).toEqual([
    { message_id: 'a', order_id: order('a').orderId },
  ])
})
