import { settings } from './settings'
import { asSetting } from './setting-text'

/** The names under which a setting may be given, the most trusted first. */
export function namesOf(name: string, aliases: readonly string[] = []): readonly string[] {
  return [name, ...aliases]
}

/** The name of the variable that may name a file with the value of a secret. */
export function fileNameOf(name: string): string {
  return `${name}_FILE`
}

/** Every key that may stand in `.env`. */
export function knownNames(): readonly string[] {
  return Object.entries(settings).flatMap(([name, schema]) => {
    const { aliases, sensitivity } = asSetting(schema)
    return [...namesOf(name, aliases), ...(sensitivity === 'secret' ? [fileNameOf(name)] : [])]
  })
}
