import type { FailpointName } from '../../../shared/runtime/failpoints'
import { eventually } from '../../support/eventually'
import { howMany } from '../../support/how-many'
import { proxiedBroker, type ProxiedBroker } from '../../support/proxied-broker'
import { startService, type RunningService } from '../../support/service'
import { temporarySpool } from '../../support/temporary-spool'
import { metricOf } from '../ready'
import { few, isKilled, roundsOf, useStage, type KillStore } from './kill-stage'

/** Killed while the broker is away and messages go to the spool. */
const storingRows: Readonly<Record<string, FailpointName>> = {
  'O1 written to the spool, not flushed': 'spool.written',
  'O2 flushed, no 202': 'spool.flushed',
  'O3 202 sent, not published': 'http.answered',
}

/** Killed once the broker is back and the spool is sent. */
const sendingRows: Readonly<Record<string, FailpointName>> = {
  'O4 published, not confirmed': 'stored.published',
  'O5 confirmed, not marked as sent': 'stored.sent',
}

const inSpool = howMany({ sampled: 60, long: 200 })

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
  const start = (failpoints?: string) =>
    startService('producer', {
      ...stage().settings,
      BROKER_URL: path.url,
      SPOOL_PATH: spool,
      ...(failpoints !== undefined && { FAILPOINTS: failpoints }),
    })
  const settled = async (successor: RunningService) => {
    await stage().ledger.expectSettled()
    await eventually('the spool is empty', async () => (await metricOf(successor, 'handoff_spool_messages')) === 0)
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
      const successor = await start()
      url = successor.url
      path.proxy.accept()
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
      await load.finish()
      path.proxy.accept()
      await isKilled(victim)
      await settled(await start())
    }
  })

  test('afterwards no queue holds anything, and nothing was done twice', () => stage().ledger.expectHonest())
}
