import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import type { TSchema } from 'typebox'
import type { MessageType } from './message'

/** One way in which data differs from its schema. */
export interface ShapeError {
  /** RFC 6901 JSON Pointer to the wrong value; empty means the whole. */
  readonly pointer: string
  readonly detail: string
  /** The JSON Schema keyword that said no. */
  readonly keyword: string
}

// One instance for producer and consumer, so that both agree on what is valid. Every error is reported, but a
// thousand wrong items would make a thousand errors: shapeErrors cuts the list. JSON spells numbers such as 1e400,
// which JavaScript reads as Infinity: strictNumbers refuses them.
const ajv = addFormats(
  new Ajv({ allErrors: true, removeAdditional: false, coerceTypes: false, strict: false, strictNumbers: true }),
)
const validators = new WeakMap<TSchema, ValidateFunction>()
const maxErrors = 20

/** What is wrong with data for this type, at most 20 findings; empty means it fits. */
export function shapeErrors(type: MessageType, data: unknown): readonly ShapeError[] {
  const validate = validatorOf(type.schema)
  return validate(data) ? [] : (validate.errors ?? []).slice(0, maxErrors).map(asShapeError)
}

function validatorOf(schema: TSchema): ValidateFunction {
  const known = validators.get(schema)
  if (known) return known
  const validate = ajv.compile(schema)
  validators.set(schema, validate)
  return validate
}

/** An error of Ajv in our words. */
export function asShapeError({ instancePath, keyword, message, params }: ErrorObject): ShapeError {
  const { additionalProperty, missingProperty } = params as Record<string, string | undefined>
  const pointer =
    additionalProperty === undefined ? instancePath : `${instancePath}/${escapePointer(additionalProperty)}`
  const detail = additionalProperty === undefined ? (message ?? keyword) : 'is not a known property'
  return {
    pointer: missingProperty === undefined ? pointer : `${pointer}/${escapePointer(missingProperty)}`,
    detail,
    keyword,
  }
}

function escapePointer(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1')
}
