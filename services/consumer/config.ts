import { Type, type Static } from 'typebox'
import { fullName, parseFollowed } from '../../shared/following/followed-table'
import type { Group } from '../../shared/messages/group'
import { groups as ownGroups } from '../../shared/messages/groups'
import { readSettings, type SettingsSource } from '../../shared/runtime/config'
import { refuseFaultsInReach } from '../../shared/runtime/open-door'
import {
  brokerSettings,
  publishingSettings,
  serviceSettings,
  settings,
  storeSettings,
  tracingSettings,
} from '../../shared/runtime/settings'
import { SettingsError } from '../../shared/runtime/settings-error'
import { slotOf } from './slot-of'

const { CONSUMER_PORT, CONSUMER_GROUPS, BODY_LIMIT, FOLLOW_TABLES, FOLLOW_URL, FOLLOW_SLOT } = settings
const { CONCURRENCY, CONCURRENCY_FLOOR, BREAKER_FAILURES, BREAKER_PAUSE_MS } = settings

const schema = Type.Object({
  ...serviceSettings,
  ...brokerSettings,
  ...storeSettings,
  ...publishingSettings,
  ...tracingSettings,
  CONSUMER_PORT,
  CONSUMER_GROUPS,
  CONCURRENCY,
  CONCURRENCY_FLOOR,
  BREAKER_FAILURES,
  BREAKER_PAUSE_MS,
  BODY_LIMIT,
  FOLLOW_TABLES,
  FOLLOW_URL,
  FOLLOW_SLOT,
})

export type ConsumerConfig = Readonly<Static<typeof schema>>

/** The settings of a consumer of these groups, checked and frozen. Throws SettingsError with one line per mistake. */
export function readConfig(source: SettingsSource, groups: readonly Group[] = ownGroups): ConsumerConfig {
  const config = readSettings(schema, source)
  refuseFaultsInReach(config)
  const known = groups.map(({ name }) => name)
  const unknown = (config.CONSUMER_GROUPS ?? []).filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new SettingsError([`CONSUMER_GROUPS names "${unknown.join('", "')}"; there are ${known.join(', ')}`])
  checkConcurrency(config)
  checkFollowing(config)
  return config
}

function checkConcurrency({ CONCURRENCY, CONCURRENCY_FLOOR }: ConsumerConfig): void {
  if (CONCURRENCY_FLOOR > CONCURRENCY)
    throw new SettingsError([
      `CONCURRENCY_FLOOR is ${CONCURRENCY_FLOOR} and CONCURRENCY ${CONCURRENCY}; the floor may be as high at most`,
    ])
}

const longestSlotName = 63

function checkFollowing({ FOLLOW_TABLES, FOLLOW_URL, FOLLOW_SLOT, STORE_URL, NAMESPACE }: ConsumerConfig): void {
  if (FOLLOW_TABLES === undefined) return
  if (FOLLOW_URL === undefined && !STORE_URL.startsWith('postgres'))
    throw new SettingsError(['FOLLOW_TABLES needs FOLLOW_URL, since STORE_URL is no PostgreSQL database'])
  const tables = FOLLOW_TABLES.map((text) => fullName(parseFollowed(text)))
  const twice = tables.find((table, at) => tables.indexOf(table) !== at)
  if (twice !== undefined) throw new SettingsError([`FOLLOW_TABLES names ${twice} twice; name it once`])
  if (FOLLOW_SLOT === undefined && slotOf(NAMESPACE).length > longestSlotName)
    throw new SettingsError([`NAMESPACE is too long for a slot to be named after it; set FOLLOW_SLOT`])
}
