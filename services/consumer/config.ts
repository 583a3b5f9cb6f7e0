import { Type, type Static } from 'typebox'
import { groups } from '../../shared/messages/groups'
import { readSettings, type SettingsSource } from '../../shared/runtime/config'
import { brokerSettings, serviceSettings, settings, storeSettings } from '../../shared/runtime/settings'
import { SettingsError } from '../../shared/runtime/settings-error'

const { CONSUMER_PORT, CONSUMER_GROUPS, CONCURRENCY, BODY_LIMIT } = settings

const schema = Type.Object({
  ...serviceSettings,
  ...brokerSettings,
  ...storeSettings,
  CONSUMER_PORT,
  CONSUMER_GROUPS,
  CONCURRENCY,
  BODY_LIMIT,
})

export type ConsumerConfig = Readonly<Static<typeof schema>>

/** The consumer's settings, checked and frozen. Throws SettingsError with one line per mistake. */
export function readConfig(source: SettingsSource): ConsumerConfig {
  const config = readSettings(schema, source)
  const known = groups.map(({ name }) => name)
  const unknown = (config.CONSUMER_GROUPS ?? []).filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new SettingsError([`CONSUMER_GROUPS names "${unknown.join('", "')}"; there are ${known.join(', ')}`])
  return config
}
