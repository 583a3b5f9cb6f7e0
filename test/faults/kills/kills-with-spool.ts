import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { FailpointName } from '../../../shared/runtime/failpoints'
import type { Load } from '../../e2e/load'
import { eventually } from '../../support/eventually'
import { figureWithin } from '../../support/figures'
import { howMany } from '../../support/how-many'
import { proxiedBroker, type ProxiedBroker } from '../../support/proxied-broker'
import { startService, type RunningService } from '../../support/service'
import { temporarySpool } from '../../support/temporary-spool'
import { metricOf } from '../ready'
import {
  expectRecovered,
  few,
  isKilled,
  isRunOn,
  repeatsIn,
  roundsOf,
  spoolFirst,
  useStage,
  type KillStore,
  type Row,
} from './kill-stage'

/** Killed while messages go to the spool. */
const storingRows: Readonly<Record<string, FailpointName>> = {
  'O1 written to the spool, not flushed': 'spool.written',
  'O2 flushed, no 202': 'spool.flushed',
  'O3 202 sent, not published': 'http.answered',
}

/** Killed once the broker is back and the spool is sent. */
const sendingRows: Readonly<Record<string, FailpointName>> = {
  'O4 published, not confirmed': 'publish.written',
  'O5 confirmed, not marked as sent': 'stored.sent',
}

/** Killed while the broker is there, and each message passes through the spool. */
const spoolFirstRows: Readonly<Record<string, Row>> = {
  'O1 written to the spool, not flushed': { point: 'spool.written', anyStore: true },
  'O2 flushed, no 202': { point: 'spool.flushed', anyStore: true },
  'O3 202 sent': { point: 'http.answered', anyStore: true },
  'O4 published, not confirmed': { point: 'publish.written', anyStore: true },
  'O5 confirmed, not marked as sent': { point: 'stored.sent', anyStore: true },
}

const inSpool = howMany({ sampled: 60, long: 200 })
const sentWithinMs = 2_000

/** Kills producers that work with a spool. */
export function killsWithSpool(on: KillStore): void {
  const stage = useStage(on, 'spool', 'consumer')
  let path: ProxiedBroker
  let spool: string
  beforeAll(async () => {
    path = await proxiedBroker(stage().brokerUrl)
    spool = await temporarySpool()
  })

  const away = () => {
    path.proxy.refuse()
    path.proxy.cut()
  }
  const start = (failpoints?: string, more: Readonly<Record<string, string>> = {}) =>
    startService('producer', {
      ...stage().settings,
      ...more,
      BROKER_URL: path.url,
      SPOOL_PATH: spool,
      ...(failpoints !== undefined && { FAILPOINTS: failpoints }),
    })
  const isEmpty = (producer: RunningService) =>
    eventually('the spool is empty', async () => (await metricOf(producer, 'handoff_spool_messages')) === 0)
  const settled = async (successor: RunningService) => {
    await stage().ledger.expectSettled()
    await isEmpty(successor)
    successor.kill('SIGKILL')
    await isKilled(successor)
  }

  test.each(Object.entries(storingRows))('%s', async (step, point) => {
    for (const { passing, prefix } of roundsOf(step.slice(0, 2))) {
      away()
      // Ready without its broker: it accepts.
      const victim = await start(`${point}=kill@${passing}`)
      let { url } = victim
      const load = stage().ledger.send(() => url, prefix, few)
      await isKilled(victim)
      if (point === 'spool.written') tearLastRecord(spool)
      path.proxy.accept()
      const successor = await start()
      const readyAt = performance.now()
      await isEmpty(successor)
      figureWithin('after a restart, its spool is sent', readyAt, sentWithinMs)
      if (point === 'spool.written') expectToldAsTorn(successor)
      if (point === 'spool.flushed') await expectRecovered(stage(), prefix, load)
      url = successor.url
      await load.finish()
      await settled(successor)
    }
  })

  test.each(Object.entries(sendingRows))('%s', async (step, point) => {
    for (const { passing, prefix } of roundsOf(step.slice(0, 2))) {
      away()
      const victim = await start(`${point}=kill@${passing}`)
      const load = stage().ledger.send(() => victim.url, prefix, few)
      await eventually('the spool holds many', async () => (await metricOf(victim, 'handoff_spool_messages')) > inSpool)
      // From now on whatever is published comes from the spool.
      const ids = await load.finish()
      const from = stage().partner.logs.length
      path.proxy.accept()
      await isKilled(victim)
      const successor = await start()
      await expectDropped(stage().partner, from, ids)
      await settled(successor)
    }
  })

  // One by one: Jest refuses a table without rows, which is what a sample leaves to one of the stores.
  for (const [step, { point }] of Object.entries(spoolFirstRows).filter(([, row]) => isRunOn(on, row)))
    test(`spool first: ${step}`, async () => {
      path.proxy.accept()
      for (const { passing, prefix } of roundsOf(`first-${step.slice(0, 2)}`)) {
        const victim = await start(`${point}=kill@${passing}`, spoolFirst)
        let { url } = victim
        const load: Load = stage().ledger.send(() => url, prefix, few)
        await isKilled(victim)
        const successor = await start(undefined, spoolFirst)
        url = successor.url
        await load.finish()
        expect([...load.refusals.keys()]).toEqual(['none'])
        await settled(successor)
      }
    })

  test('afterwards no queue holds anything, and nothing was done twice', () => stage().ledger.expectHonest())
}

/** What was written and not flushed may be there in part after a power failure, which a kill alone does not bring about. */
function tearLastRecord(spool: string): void {
  const last = readdirSync(spool)
    .filter((name) => name.endsWith('.spool'))
    .sort()
    .at(-1)
  if (last === undefined) throw new Error(`there is no segment in ${spool}`)
  const file = join(spool, last)
  truncateSync(file, statSync(file).size - 3)
}

function expectToldAsTorn({ logs }: RunningService): void {
  expect(logs).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      msg: expect.stringMatching(/^the end of a spool file was never written whole/) as string,
      bytes: expect.any(Number) as number,
    }),
  )
}

/** What the broker had got before the kill comes once more under its id, and does nothing. */
async function expectDropped(partner: RunningService, from: number, ids: ReadonlyMap<string, string>): Promise<void> {
  const [first] = await eventually('a second delivery is dropped', () => {
    const repeats = repeatsIn(partner, from)
    return repeats.length > 0 && repeats
  })
  expect([...ids.values()]).toContain(first?.['messageId'])
}
