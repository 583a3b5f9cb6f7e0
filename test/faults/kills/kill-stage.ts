/** A service is killed at each step of a message's way, under load; the client's history is held against what became of it. */
import { join } from 'node:path'
import { openStore } from '../../../shared/store/open-store'
import type { Store } from '../../../shared/store/store'
import type { FailpointName } from '../../../shared/runtime/failpoints'
import { connectRaw } from '../../support/amqp-client'
import { useBroker, type TestBroker } from '../../support/broker'
import { atEnd } from '../../support/ends'
import { eventually } from '../../support/eventually'
import { figure } from '../../support/figures'
import { howMany, isLongRun } from '../../support/how-many'
import { effectsOf, type Kind } from '../../support/ledger/kinds'
import { startLedger, type Ledger } from '../../support/ledger/ledger'
import type { Load } from '../../e2e/load'
import type { Pair } from '../../e2e/pair'
import { freshDatabase } from '../../support/on-postgres'
import { startService, type RunningService, type ServiceName, type StartOptions } from '../../support/service'
import type { LogLine } from '../../support/service-logs'
import { temporarySpool } from '../../support/temporary-spool'
import { temporaryStoreUrl } from '../../support/temporary-store'

// So few that the passing at which a place strikes says which request it is about.
export const few = { senders: 5 }

// On two stores and two brokers: forty kills at each step.
const rounds = howMany({ sampled: 1, long: 10 })

/** A step at which a service is killed. */
export interface Row {
  readonly point: FailpointName
  readonly kind?: Kind
  /** Left out of the sample on the second store, which the step has nothing to do with. */
  readonly anyStore?: true
}

/** What the services keep their state in. */
export interface KillStore {
  readonly namespace: string
  readonly url: () => Promise<string>
  /** Whether a sample takes every row here; the other store then has those that it makes a difference to. */
  readonly isFirst: boolean
}

export const sqlite: KillStore = { namespace: 'lite', url: temporaryStoreUrl, isFirst: true }
export const postgres: KillStore = { namespace: 'pg', url: freshDatabase, isFirst: false }

export interface Stage {
  readonly ledger: Ledger
  readonly brokerUrl: string
  readonly namespace: string
  readonly storeUrl: string
  readonly settings: Readonly<Record<string, string>>
  readonly start: (name: ServiceName, failpoints?: string, options?: StartOptions) => Promise<RunningService>
  readonly rows: Pair['rows']
  readonly journal: Pick<Store['journal'], 'latest'>
  /** How many orders whose names begin so have their effect in the group `ledger`. */
  readonly effects: (prefix: string) => Promise<number>
  /**
   * Stops a consumer once nothing waits and what it holds is acked: an effect shows before its ack, and the next round's
   * victim would be killed over what is left, before it is ready.
   */
  readonly endAtRest: (consumer: RunningService) => Promise<void>
}

/** The service that lives through all rows; of a producer, what it accepts by. */
export type Partner = 'consumer' | 'producer by confirms' | 'producer by its spool'

/** The setting by which a producer accepts whatever it is given by writing it into its spool first. */
export const spoolFirst = { NODE_OPTIONS: `--import=${join(__dirname, 'spool-first.mjs')}` }

/** A store and namespace with one service that lives through all rows; the other is what is killed. */
export function useStage({ namespace: prefix, url }: KillStore, suffix: string, partner: Partner) {
  const broker = useBroker()
  let stage: Stage & { readonly partner: RunningService }
  beforeAll(async () => {
    const [namespace, storeUrl] = [`${prefix}-${suffix}`, await url()]
    const settings = { BROKER_URL: broker.url, STORE_URL: storeUrl, NAMESPACE: namespace }
    const start: Stage['start'] = (name, failpoints, options) =>
      startService(name, failpoints === undefined ? settings : { ...settings, FAILPOINTS: failpoints }, options)
    const running = await startPartner(partner, settings)
    const store = await openStore({ url: storeUrl, migrations: [] })
    atEnd(() => store.close())
    const rows: Pair['rows'] = (sql, params = []) => store.query(sql, params)
    const ledger = await startLedger(broker, { namespace, rows })
    stage = {
      brokerUrl: broker.url,
      ledger,
      namespace,
      storeUrl,
      settings,
      start,
      rows,
      journal: store.journal,
      effects: async (of) => (await rows('select 1 from ledger_entries where order_id like $1', [`${of}-%`])).length,
      endAtRest: await restingIn(broker, namespace),
      partner: running,
    }
  })
  return () => stage
}

async function startPartner(partner: Partner, settings: Readonly<Record<string, string>>): Promise<RunningService> {
  if (partner !== 'producer by its spool')
    return startService(partner === 'consumer' ? 'consumer' : 'producer', settings)
  return startService('producer', { ...settings, ...spoolFirst, SPOOL_PATH: await temporarySpool() })
}

async function restingIn(broker: TestBroker, namespace: string): Promise<Stage['endAtRest']> {
  const raw = await connectRaw(broker.url)
  const waiting = () => Promise.all(Object.keys(effectsOf).map((group) => raw.countReady(`${namespace}.${group}.v1`)))
  return async (consumer) => {
    await eventually('nothing waits', async () => (await waiting()).every((count) => count === 0))
    consumer.kill('SIGTERM')
    expect(await consumer.exited).toEqual({ code: 0, signal: null })
  }
}

export async function isKilled({ exited }: RunningService): Promise<void> {
  expect(await exited).toEqual({ code: null, signal: 'SIGKILL' })
}

/** What was on stable storage when the producer died has its effect although nobody was told, and before anybody asks again. */
export async function expectRecovered({ effects }: Stage, prefix: string, load: Pick<Load, 'accepted'>): Promise<void> {
  await eventually('more have their effect than were told', async () => (await effects(prefix)) > load.accepted())
}

/** Of these lines of a consumer: deliveries of messages whose effect was there already. */
export function repeatsIn({ logs }: Pick<RunningService, 'logs'>, from = 0): readonly LogLine[] {
  return logs.slice(from).filter(({ msg }) => msg === 'processed before, nothing done')
}

/** Another passing in each round, so that the kill also falls between other messages. */
export const roundsOf = (text: string) =>
  Array.from({ length: rounds }, (_, round) => ({ passing: 3 + ((round * 7) % 23), prefix: `${text}-${round}` }))

/** An error that nobody has caught is told, and ends the process soon. */
export async function expectFaultEnds({ exited, logs }: RunningService, kind: string): Promise<void> {
  expect(await exited).toEqual({ code: 1, signal: null })
  const endedAt = Date.now()
  const fault = logs.find(({ msg }) => msg === kind)
  const ms = endedAt - Date.parse(String(fault?.['time']))
  figure('fault to exit', ms, 'ms')
  expect(ms).toBeLessThan(1_000)
}

/** Whether a row is run on this store: in a sample, not twice. */
export function isRunOn({ isFirst }: KillStore, { anyStore }: Row): boolean {
  return isFirst || isLongRun || anyStore !== true
}
