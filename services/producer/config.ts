import { Type, type Static } from 'typebox'
import { readSettings, type SettingsSource } from '../../shared/runtime/config'
import {
  brokerSettings,
  publishingSettings,
  serviceSettings,
  settings,
  storeSettings,
  tracingSettings,
} from '../../shared/runtime/settings'
import { refuseFaultsInReach, refuseOpenDoor } from '../../shared/runtime/open-door'
import { parseWebhookSecrets } from './webhooks/secrets'

const { PRODUCER_PORT, BODY_LIMIT, API_KEYS, WEBHOOK_SECRETS, ALLOW_ANONYMOUS, RATE_LIMIT } = settings
const { SPOOL_PATH, SPOOL_MAX_BYTES } = settings

const schema = Type.Object({
  ...serviceSettings,
  ...brokerSettings,
  ...storeSettings,
  ...publishingSettings,
  ...tracingSettings,
  PRODUCER_PORT,
  BODY_LIMIT,
  API_KEYS,
  WEBHOOK_SECRETS,
  ALLOW_ANONYMOUS,
  RATE_LIMIT,
  SPOOL_PATH,
  SPOOL_MAX_BYTES,
})

export type ProducerConfig = Readonly<Static<typeof schema>>

/** Throws a SettingsError for what is wrong, also in WEBHOOK_SECRETS, and for a door that would stand open without keys. */
export function readProducerConfig(source: SettingsSource): ProducerConfig {
  const config = readSettings(schema, source)
  refuseOpenDoor(config)
  refuseFaultsInReach(config)
  parseWebhookSecrets(config.WEBHOOK_SECRETS)
  return config
}
