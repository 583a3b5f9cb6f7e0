import { Type, type Static } from 'typebox'
import { readSettings, type SettingsSource } from '../../shared/runtime/config'
import { refuseFaultsInReach } from '../../shared/runtime/open-door'
import { brokerSettings, publishingSettings, serviceSettings, settings } from '../../shared/runtime/settings'
import { SettingsError } from '../../shared/runtime/settings-error'

const { CONSOLE_PORT, CONSOLE_API_KEYS, CONSOLE_ALLOW_ANONYMOUS, CONSOLE_MESSAGES, BODY_LIMIT, RATE_LIMIT } = settings
const { CONSOLE_DATA_BYTES, CONSOLE_READ_KEYS } = settings
const { FAULTS_BROKER_COMMAND } = settings
const { PRODUCER_PORT, CONSUMER_PORT, PRODUCER_URL, PRODUCER_PUBLIC_URL, CONSUMER_URL, PRODUCER_API_KEY } = settings

const schema = Type.Object({
  ...serviceSettings,
  ...brokerSettings,
  ...publishingSettings,
  CONSOLE_PORT,
  CONSOLE_API_KEYS,
  CONSOLE_READ_KEYS,
  CONSOLE_ALLOW_ANONYMOUS,
  CONSOLE_MESSAGES,
  CONSOLE_DATA_BYTES,
  PRODUCER_PORT,
  CONSUMER_PORT,
  PRODUCER_URL,
  PRODUCER_PUBLIC_URL,
  CONSUMER_URL,
  PRODUCER_API_KEY,
  BODY_LIMIT,
  RATE_LIMIT,
  FAULTS_BROKER_COMMAND,
})

export type ConsoleConfig = Readonly<Static<typeof schema>>

/** The console's settings, checked and frozen. Throws SettingsError with one line per mistake. */
export function readConsoleConfig(source: SettingsSource): ConsoleConfig {
  const config = readSettings(schema, source)
  refuseFaultsInReach(config)
  brokerCommand(config)
  return config
}

/** The program that runs `rabbitmqctl`, and its arguments; undefined where there is none. Throws a SettingsError. */
export function brokerCommand({
  FAULTS_BROKER_COMMAND: text,
}: Pick<ConsoleConfig, 'FAULTS_BROKER_COMMAND'>): readonly string[] | undefined {
  if (text === undefined) return undefined
  try {
    const parts = JSON.parse(text) as unknown
    if (Array.isArray(parts) && parts.every((part) => typeof part === 'string')) return parts
  } catch {
    // Told below, as any other value that is no array of texts.
  }
  throw new SettingsError(['FAULTS_BROKER_COMMAND is no JSON array of texts; npm start sets it, so leave it out'])
}

/** Where the others are, without a slash at the end. */
export function serviceUrls(
  config: Pick<ConsoleConfig, 'PRODUCER_URL' | 'CONSUMER_URL' | 'PRODUCER_PORT' | 'CONSUMER_PORT'>,
): Readonly<Record<'producer' | 'consumer', readonly [string, ...string[]]>> {
  return {
    producer: urlsIn(config.PRODUCER_URL ?? `http://127.0.0.1:${config.PRODUCER_PORT}`),
    consumer: urlsIn(config.CONSUMER_URL ?? `http://127.0.0.1:${config.CONSUMER_PORT}`),
  }
}

/** Where a person reaches the producer from where he looks at the console. */
export function publicUrl(
  config: Parameters<typeof serviceUrls>[0] & Pick<ConsoleConfig, 'PRODUCER_PUBLIC_URL'>,
): string {
  return config.PRODUCER_PUBLIC_URL?.trim().replace(/\/$/, '') ?? serviceUrls(config).producer[0]
}

function urlsIn(text: string): readonly [string, ...string[]] {
  return text.split(',').map((url) => url.trim().replace(/\/$/, '')) as [string, ...string[]]
}
