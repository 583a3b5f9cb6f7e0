/** Commands that move dead letters are killed between a copy's confirm and the ack of what was copied. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { handoff, startHandoff } from '../../e2e/handoff'
import { startPair } from '../../e2e/pair'
import { connectRaw } from '../../support/amqp-client'
import { useBroker } from '../../support/broker'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'
import { howMany } from '../../support/how-many'
import { payments } from '../../support/ledger/kinds'
import { freshDatabase, onPostgres } from '../../support/on-postgres'
import { temporaryStoreUrl } from '../../support/temporary-store'
import { repeatsIn } from './kill-stage'

const broker = useBroker()
const rounds = howMany({ sampled: 1, long: 10 })

describe('SQLite', () => killsOfCommands('lite-commands', temporaryStoreUrl))
onPostgres(() => killsOfCommands('pg-commands', freshDatabase))

function killsOfCommands(namespace: string, storeUrl: () => Promise<string>): void {
  const [work, dead] = [`${namespace}.payments.v1`, `${namespace}.payments.dead.v1`]
  const env = { BROKER_URL: broker.url, NAMESPACE: namespace }
  let pair: Awaited<ReturnType<typeof startPair>>
  let raw: Awaited<ReturnType<typeof connectRaw>>
  beforeAll(async () => {
    pair = await startPair(broker.url, { NAMESPACE: namespace, STORE_URL: await storeUrl() })
    raw = await connectRaw(broker.url)
  })

  const lettersThere = (count: number) =>
    eventually(`${count} letters are there`, async () => (await raw.countReady(dead)) === count)
  const captures = (prefix: string) =>
    pair.rows('select payment_id, amount_cents from captures where payment_id like $1 order by payment_id', [
      `${prefix}%`,
    ])
  const captured = (ids: readonly string[], cents: (id: string) => unknown) =>
    [...ids].sort().map((id) => ({ payment_id: id, amount_cents: cents(id) }))
  const run = async (...args: readonly string[]) =>
    expect(await handoff(['dead', ...args], { env })).toMatchObject({ code: 0 })
  /** Runs the command until it is killed there; answers with the letters that it has told of. */
  const killed = async (failpoints: string, ...args: readonly string[]) => {
    const { code, stdout, stderr } = await startHandoff(['dead', ...args], { env: { ...env, FAILPOINTS: failpoints } })
      .ended
    expect({ code, stderr }).toEqual({ code: null, stderr: expect.not.stringContaining('"step":"end"') as string })
    return stdout.split('\n').filter((line) => line !== '').length
  }
  const park = async (prefix: string, count: number) => {
    const ids = Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
    for (const id of ids)
      await raw.publishRaw('', dead, Buffer.from(JSON.stringify(payments.body(id))), {
        messageId: id,
        type: payments.type,
        contentType: 'application/json',
        persistent: true,
        headers: { cloudEvents_source: '/test', 'handoff-reason': 'failed', 'handoff-attempt': 6 },
      })
    await lettersThere(count)
    return ids
  }
  /** All that was sent is done, and of the letters that were sent twice the second did nothing. */
  const expectDropped = async (from: number, count: number) => {
    await lettersThere(0)
    const dropped = () => repeatsIn(pair.consumer, from).filter(({ group }) => group === 'payments')
    await eventually('what was sent twice is dropped', () => dropped().length >= count)
    expect(dropped()).toHaveLength(count)
  }

  test.each([
    ['K1 a replay of one', 1, 1, (ids: readonly string[]) => ['replay', 'payments', ...ids]],
    ['K1 a replay of many', 5, 3, () => ['replay', 'payments', '--all', '--yes']],
    ['K2 an edit', 3, 2, () => ['edit', 'payments', '--all', '--yes', '--set', '/amountCents=7']],
  ] as const)('%s', async (step, count, passing, command) => {
    for (let round = 0; round < rounds; round++) {
      const prefix = `${step.replaceAll(' ', '-')}-${round}`
      const ids = await park(prefix, count)
      const from = pair.consumer.logs.length
      const args = command(ids)
      expect(await killed(`copy.confirmed=kill@${passing}`, ...args)).toBe(passing)
      // Of the one at which it struck there are two.
      await eventually('their effects', async () => (await captures(prefix)).length === passing)
      await lettersThere(count - passing + 1)
      await run(...args)
      await expectDropped(from, 1)
      const cents = (id: string) => (args[0] === 'edit' ? 7 : payments.body(id)['amountCents'])
      await eventually('all effects', async () => (await captures(prefix)).length === count)
      expect(await captures(prefix)).toEqual(captured(ids, cents))
    }
  })

  test('K3 an import, when a letter is confirmed', async () => {
    for (let round = 0; round < rounds; round++) {
      const folder = await mkdtemp(join(tmpdir(), 'handoff-kills-'))
      atEnd(() => rm(folder, { recursive: true, force: true }))
      const file = join(folder, 'letters.ndjson')
      const ids = await park(`K3-${round}`, 5)
      await run('export', 'payments', '--output', file)
      await lettersThere(5)
      await raw.getAll(dead)
      expect(await killed('publish.confirmed=kill@3', 'import', file)).toBe(2)
      await lettersThere(3)
      await run('import', file)
      await lettersThere(5)
      expect((await raw.getAll(dead)).map(({ properties }) => String(properties.messageId))).toEqual(ids)
    }
  })

  test('K5 a discard, when an ack is sent: nothing goes that it has not told of', async () => {
    for (let round = 0; round < rounds; round++) {
      await park(`K5-${round}`, 3)
      const told = await killed('delivery.acked=kill@2', 'discard', 'payments', '--all', '--yes', '--why', 'a drill')
      const left = await eventually('what it held is back', async () => raw.countReady(dead))
      expect(told).toBeGreaterThanOrEqual(3 - left)
      await run('discard', 'payments', '--all', '--yes', '--why', 'a drill')
      await lettersThere(0)
    }
    expect(await raw.countReady(work)).toBe(0)
  })
}
