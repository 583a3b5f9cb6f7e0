import { Type, type Static } from 'typebox'
import { readSettings, type SettingsSource } from '../../shared/runtime/config'
import { brokerSettings, serviceSettings, settings } from '../../shared/runtime/settings'

const { CONSOLE_PORT, CONSOLE_API_KEYS, CONSOLE_ALLOW_ANONYMOUS, BODY_LIMIT, RATE_LIMIT } = settings

const schema = Type.Object({
  ...serviceSettings,
  ...brokerSettings,
  CONSOLE_PORT,
  CONSOLE_API_KEYS,
  CONSOLE_ALLOW_ANONYMOUS,
  BODY_LIMIT,
  RATE_LIMIT,
})

export type ConsoleConfig = Readonly<Static<typeof schema>>

/** The console's settings, checked and frozen. Throws SettingsError with one line per mistake. */
export function readConsoleConfig(source: SettingsSource): ConsoleConfig {
  return readSettings(schema, source)
}
