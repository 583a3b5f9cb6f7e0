import { Ajv, type ErrorObject } from 'ajv'
import { nearestName } from '../../runtime/nearest-name'
import { routesSchema } from './routes-schema'
import type { YamlPath } from './yaml-text'

/** Where a document is not as the schema says, and what is wrong there. */
export interface ShapeMistake {
  readonly path: YamlPath
  readonly text: string
}

// One of several shapes is told in a sentence of its own, so that what each of them says is not.
const ajv = new Ajv({ strict: false, allErrors: true, verbose: true })
const validate = ajv.compile(routesSchema)
const mostTold = 20

/** What is wrong with the shape of a routes file, at most 20 findings; empty means that it has the shape. */
export function shapeMistakes(value: unknown): readonly ShapeMistake[] {
  if (validate(value)) return []
  const errors = validate.errors ?? []
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath)
  return errors
    .filter((error) => error.keyword === 'anyOf' || !choices.some((path) => isWithin(error.instancePath, path)))
    .slice(0, mostTold)
    .map(mistakeOf)
}

function isWithin(path: string, choice: string): boolean {
  return path === choice || path.startsWith(`${choice}/`)
}

function mistakeOf(error: ErrorObject): ShapeMistake {
  const path = pathOf(error.instancePath)
  const { additionalProperty, missingProperty } = error.params as Record<string, string | undefined>
  if (additionalProperty !== undefined)
    return { path: [...path, additionalProperty], text: unknownKey(additionalProperty, path, error) }
  if (missingProperty !== undefined) return { path, text: `${placeOf(path)} has no ${missingProperty}` }
  return { path, text: `${placeOf(path)} is ${shown(error.data)}; allowed: ${allowed(error)}` }
}

function unknownKey(key: string, path: YamlPath, { parentSchema }: ErrorObject): string {
  const known = Object.keys((parentSchema as { properties?: object } | undefined)?.properties ?? {})
  if (known.length === 0)
    return `${placeOf(path)} has "${key}", which is no attribute's name; use lower-case letters and digits, at most 64`
  return `${placeOf(path)} has "${key}", which there is not; did you mean ${nearestName(key, known)}?`
}

function allowed({ keyword, params, parentSchema, instancePath }: ErrorObject): string {
  const { limit, type, allowedValue } = params as Record<string, unknown>
  const { minimum, maximum } = (parentSchema ?? {}) as Readonly<Record<string, number | undefined>>
  if (keyword === 'anyOf')
    return instancePath.includes('/attributes/')
      ? 'a text, or one of exact, prefix and suffix with a text'
      : 'a text, or a list of texts'
  if (keyword === 'const') return String(allowedValue)
  if (minimum !== undefined && maximum !== undefined) return `a whole number from ${minimum} to ${maximum}`
  if (keyword === 'type') return typeNames[String(type)] ?? String(type)
  if (keyword === 'minItems') return `at least ${String(limit)}`
  if (keyword === 'maxItems') return `at most ${String(limit)}`
  if (keyword === 'maxLength') return `at most ${String(limit)} characters`
  if (keyword === 'pattern') return 'lower-case letters and digits'
  return 'a text that is not empty'
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'keys with values',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
}

/** `rule 3`, counted as a person does, or a key of it. */
function placeOf([first, at, ...keys]: YamlPath): string {
  if (first === undefined) return 'the file'
  if (typeof at !== 'number') return String(first)
  return keys.length === 0 ? `rule ${at + 1}` : `${keys.join('.')} of rule ${at + 1}`
}

function pathOf(pointer: string): YamlPath {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')))
}

const longestShown = 60

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? 'nothing'
  return json.length <= longestShown ? json : `${json.slice(0, longestShown - 1)}…`
}
