import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { parse } from 'dotenv'
import type { Static, TObject } from 'typebox'
import { nearestName } from './nearest-name'
import { fileNameOf, knownNames, namesOf } from './setting-names'
import { allowedText, asSetting, valueOf, type SettingSchema } from './setting-text'
import { SettingsError } from './settings-error'

export interface SettingsSource {
  /** The process environment; it wins over the file and may hold anything else. */
  readonly environment: NodeJS.ProcessEnv
  /** The path of a `.env` file, which need not exist. */
  readonly envFile?: string
}

// TypeBox has a check of its own, in hundreds of files of which nothing else is needed: a tenth of the time of a start.
const ajv = new Ajv({ strict: false })

type Variables = Readonly<Record<string, string | undefined>>

/** A variable that was found: its name, and its value or what is wrong with it. */
interface Found {
  readonly variable: string
  readonly value: string
}

/**
 * The settings a schema names, checked and frozen; a missing or empty variable takes its default. Throws
 * {@link SettingsError} with one line for each wrong value and for each key in the file that no service knows.
 */
export function readSettings<S extends TObject>(schema: S, source: SettingsSource): Readonly<Static<S>> {
  const text = readEnvFile(source.envFile)
  const file = parse(text)
  const lines = [...strayLines(text, source.envFile), ...unknownKeys(file, source.envFile)]
  const values: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(schema.properties)) {
    const read = readSetting(name, asSetting(property), [source.environment, file])
    if ('line' in read) lines.push(read.line)
    else if (read.value !== undefined) {
      values[name] = read.value
      lines.push(...refusedInProduction(name, { setting: asSetting(property), value: read.value }, source))
    }
  }
  if (lines.length > 0) throw new SettingsError(lines)
  return Object.freeze(values) as Readonly<Static<S>>
}

const isFor = { 'in-tests-only': 'tests', 'in-development-only': 'development' }

function refusedInProduction(
  name: string,
  { setting, value }: { readonly setting: SettingSchema; readonly value: unknown },
  { environment }: SettingsSource,
): readonly string[] {
  const isAllowed = setting.use === undefined || value === setting.default || environment['NODE_ENV'] !== 'production'
  return isAllowed ? [] : [`${name} is only for ${isFor[setting.use]}; NODE_ENV is production`]
}

function readEnvFile(path: string | undefined): string {
  if (path === undefined) return ''
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw new SettingsError([`${path} cannot be read: ${(error as Error).message}`])
  }
}

/** What dotenv would pass over without a word, such as a forgotten equals sign. */
function strayLines(text: string, path = '.env'): string[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => !/^\s*(#|$|(export\s+)?[\w.-]+\s*(=|:\s))/.test(line))
    .map(({ number }) => `line ${number} of ${path} is not NAME=VALUE; correct it, or put a # before it`)
}

function unknownKeys(file: Variables, path = '.env'): string[] {
  const known = knownNames()
  return Object.keys(file)
    .filter((key) => !known.includes(key))
    .map((key) => `${key} in ${path} is not a setting; did you mean ${nearestName(key, known)}? Else remove it`)
}

function readSetting(
  name: string,
  setting: SettingSchema,
  layers: readonly Variables[],
): { value: unknown } | { line: string } {
  try {
    const found = find(name, setting, layers)
    if (found === undefined) return { value: setting.default }
    const value = valueOf(found.value, setting)
    return ajv.validate(setting, value) ? { value } : { line: refusal(name, setting, found) }
  } catch (error) {
    return { line: (error as Error).message }
  }
}

/** Layer by layer, so that an alias in the process environment wins over the plain name in the file. */
function find(name: string, { aliases, sensitivity }: SettingSchema, layers: readonly Variables[]): Found | undefined {
  const names = namesOf(name, aliases)
  for (const layer of layers) {
    const variable = names.find((candidate) => (layer[candidate] ?? '') !== '')
    const secretFile = sensitivity === 'secret' ? (layer[fileNameOf(name)] ?? '') : ''
    if (variable !== undefined && secretFile !== '')
      throw new Error(`${fileNameOf(name)} and ${variable} are both set; keep one of them`)
    if (variable !== undefined) return { variable, value: layer[variable] ?? '' }
    if (secretFile !== '') return { variable: fileNameOf(name), value: readSecret(name, secretFile) }
  }
  return undefined
}

function readSecret(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw new Error(
      `${fileNameOf(name)} is "${path}", which cannot be read (${(error as NodeJS.ErrnoException).code})`,
      {
        cause: error,
      },
    )
  }
}

function refusal(name: string, setting: SettingSchema, { variable, value }: Found): string {
  const shown =
    setting.sensitivity === 'secret' ? 'has a wrong value (not shown, it may hold a secret)' : `is "${value}"`
  const given = variable === name ? name : `${name} (given as ${variable})`
  return `${given} ${shown}; allowed: ${allowedText(setting)}`
}
