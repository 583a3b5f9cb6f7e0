import type { TSchema } from 'typebox'
import type { SettingFacts } from './setting-facts'

/** A setting's schema as it is read: JSON Schema keywords and our own facts beside each other. */
export interface SettingSchema extends SettingFacts {
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array'
  readonly default?: string | number | boolean
  readonly minimum?: number
  readonly maximum?: number
  readonly anyOf?: readonly { readonly const: string }[]
}

export function asSetting(schema: TSchema): SettingSchema {
  return schema as SettingSchema
}

/** What a setting may be, for a person: `a whole number from 0 to 65535`. */
export function allowedText({ allowed, type, minimum, maximum, anyOf }: SettingSchema): string {
  if (allowed !== undefined) return allowed
  if (anyOf !== undefined) return `one of ${anyOf.map((option) => option.const).join(', ')}`
  if (type === 'boolean') return 'true or false'
  return type === 'integer' ? `a whole number from ${minimum ?? 0} to ${maximum ?? 'any'}` : 'a text'
}

/** The text of an environment variable as the value the schema asks for; text that is none stays text and is refused. */
export function valueOf(text: string, { type }: SettingSchema): unknown {
  if (type === 'integer' && /^\d{1,15}$/.test(text)) return Number(text)
  if (type === 'number' && /^\d{1,15}(\.\d{1,15})?$/.test(text)) return Number(text)
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true'
  if (type === 'array') return text.split(',').map((item) => item.trim())
  return text
}
