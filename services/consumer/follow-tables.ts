import type { CheckResult } from '../../shared/runtime/probes'
import { Catalog } from '../../shared/following/catalog'
import { parseFollowed } from '../../shared/following/followed-table'
import { Follower, type FollowerEvents } from '../../shared/following/follower'
import type { MessageType } from '../../shared/messages/message'
import type { Lifecycle } from '../../shared/runtime/lifecycle'
import type { Logger } from '../../shared/runtime/logger'
import { SettingsError } from '../../shared/runtime/settings-error'
import type { Outbox } from '../../shared/store/outbox'
import type { ConsumerConfig } from './config'
import type { ConsumerMetrics } from './metrics'
import { slotOf } from './slot-of'

export interface FollowTablesParts {
  /** Tables and message types, as in the setting. */
  readonly followed: readonly string[]
  readonly config: Pick<ConsumerConfig, 'FOLLOW_URL' | 'FOLLOW_SLOT' | 'STORE_URL' | 'NAMESPACE'>
  readonly outbox: Pick<Outbox, 'add'>
  readonly catalogue: readonly MessageType[]
  readonly logger: Logger
  readonly counters: ConsumerMetrics
}

/** Follows tables, and answers with how that goes. Throws a {@link SettingsError} for a message type that does not exist. */
export function followTables(lifecycle: Lifecycle, parts: FollowTablesParts): () => CheckResult {
  const { followed, config, outbox, catalogue, counters } = parts
  const { NAMESPACE } = config
  const tables = followed.map(parseFollowed)
  checkTypes(
    tables.map(({ messageType }) => messageType),
    catalogue.map(({ name }) => name),
  )
  const url = config.FOLLOW_URL ?? config.STORE_URL
  const slot = config.FOLLOW_SLOT ?? slotOf(NAMESPACE)
  const follower = new Follower({
    url,
    slot,
    tables,
    catalog: new Catalog(url),
    outbox,
    source: (table) => `/${NAMESPACE}/tables/${encodeURIComponent(table)}`,
    random: Math.random,
    events: {
      written: (rows) => rows.forEach(({ type }) => counters.followed.inc({ type })),
      state: told(parts.logger, slot),
      lag: (bytes) => counters.followLagBytes.set({ slot }, bytes),
    },
  })
  follower.start()
  lifecycle.add('the following of tables', () => follower.stop())
  return () => follower.check()
}

function checkTypes(wanted: readonly string[], known: readonly string[]): void {
  const unknown = wanted.filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new SettingsError([`FOLLOW_TABLES names the type "${unknown.join('", "')}"; there are ${known.join(', ')}`])
}

function told(logger: Logger, slot: string): FollowerEvents['state'] {
  return (kind, detail) => {
    if (kind === 'wrong') logger.error({ slot }, `tables cannot be followed: ${detail}`)
    else if (kind === 'away') logger.warn({ slot }, detail)
    else logger.info({ slot }, detail)
  }
}
