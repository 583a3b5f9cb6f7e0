import { Type, type Static } from 'typebox'
import { readSettings, type SettingsSource } from '../shared/runtime/config'
import { brokerSettings, publishingSettings, settings, storeSettings } from '../shared/runtime/settings'

const { PRODUCER_PORT, JOURNAL_SAMPLE, FAILPOINTS } = settings

const schema = Type.Object({
  ...brokerSettings,
  ...storeSettings,
  ...publishingSettings,
  PRODUCER_PORT,
  JOURNAL_SAMPLE,
  FAILPOINTS,
})

export type CliConfig = Readonly<Static<typeof schema>>

/** The settings that commands need, checked and frozen. Throws SettingsError with one line per mistake. */
export function readCliConfig(environment: SettingsSource['environment']): CliConfig {
  return readSettings(schema, { environment, envFile: '.env' })
}
