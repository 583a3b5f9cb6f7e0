import { Type, type Static } from 'typebox'
import { readSettings } from '../../shared/runtime/config'
import { namesOf } from '../../shared/runtime/setting-names'
import { asSetting } from '../../shared/runtime/setting-text'
import { settings } from '../../shared/runtime/settings'
import { SettingsError } from '../../shared/runtime/settings-error'

/**
 * Unlike a service, the supervisor must know whether a broker was named at all: then it looks for no other. So with what it
 * sets itself.
 */
const schema = Type.Object({
  ...settings,
  BROKER_URL: Type.Optional(Type.String({ ...settings.BROKER_URL, default: undefined })),
  JOURNAL_DATA_BYTES: Type.Optional(Type.Integer({ ...settings.JOURNAL_DATA_BYTES, default: undefined })),
  FAULTS: Type.Optional(Type.Unsafe<'off' | 'on'>({ ...settings.FAULTS, default: undefined })),
})

export type SystemSettings = Readonly<Static<typeof schema>>

/** Every setting of every service, from the environment and `.env`. Rejects with a line for each that is wrong. */
export function readSystemSettings(): SystemSettings {
  try {
    return readSettings(schema, { environment: process.env, envFile: '.env' })
  } catch (error) {
    if (error instanceof SettingsError) throw new Error(error.lines.join('\nhandoff: '), { cause: error })
    throw error
  }
}

/** The environment without the broker's names, so that a URL put into it is the only one that it holds. */
export function environmentFor(brokerUrl: string | undefined): NodeJS.ProcessEnv {
  const names = [...namesOf('BROKER_URL', asSetting(settings.BROKER_URL).aliases), 'BROKER_URL_FILE']
  const rest = Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.includes(name)))
  return brokerUrl === undefined ? rest : { ...rest, BROKER_URL: brokerUrl }
}
