import { useState } from 'preact/hooks'
import { fieldKind, initialOf, pointerTo, variantsOf } from '../data/schema'
import { FieldError } from './field-error'
import type { FieldProps } from './field-props'
import { ChoiceField, JsonField, NumberField, TextField, YesNoField } from './value-fields'

/** A field for whatever the schema says, with fields within it. */
export function SchemaField(props: FieldProps) {
  switch (fieldKind(props.schema)) {
    case 'object':
      return <ObjectField {...props} />
    case 'array':
      return <ArrayField {...props} />
    case 'variants':
      return <VariantsField {...props} />
    case 'choice':
      return <ChoiceField {...props} />
    case 'yes or no':
      return <YesNoField {...props} />
    case 'number':
      return <NumberField {...props} />
    case 'text':
      return <TextField {...props} />
    case 'json':
      return <JsonField {...props} />
  }
}

function ObjectField({ schema, value, change, pointer, errors, name }: FieldProps) {
  const held = isObject(value) ? value : {}
  const required = new Set(schema.required)
  const put = (key: string, next: unknown) => change({ ...held, [key]: next })
  const leaveOut = (key: string) => change(Object.fromEntries(Object.entries(held).filter(([each]) => each !== key)))
  const properties = Object.entries(schema.properties ?? {})
  const missing = properties.filter(([key]) => !Object.hasOwn(held, key))
  return (
    <fieldset>
      <legend>{name}</legend>
      <FieldError text={errors.get(pointer)} id={`${pointer}-wrong`} />
      {properties
        .filter(([key]) => Object.hasOwn(held, key))
        .map(([key, each]) => (
          <div key={key} class="row-flex" style={{ alignItems: 'end', flexWrap: 'nowrap' }}>
            <div style={{ flex: 1, minWidth: 0 }}>
              <SchemaField
                schema={each}
                value={held[key]}
                change={(next) => put(key, next)}
                pointer={pointerTo(pointer, key)}
                errors={errors}
                name={key}
                isRequired={required.has(key)}
              />
            </div>
            {!required.has(key) && (
              <button type="button" class="button small" aria-label={`Leave out ${key}`} onClick={() => leaveOut(key)}>
                Leave out
              </button>
            )}
          </div>
        ))}
      {missing.length > 0 && (
        <div class="row-flex">
          {missing.map(([key, each]) => (
            <button key={key} type="button" class="chip" onClick={() => put(key, initialOf(each))}>
              + {key}
              {required.has(key) && ' (required)'}
            </button>
          ))}
        </div>
      )}
    </fieldset>
  )
}

function ArrayField({ schema, value, change, pointer, errors, name }: FieldProps) {
  const items = Array.isArray(value) ? (value as unknown[]) : []
  const each = schema.items ?? {}
  return (
    <fieldset>
      <legend>{name}</legend>
      <FieldError text={errors.get(pointer)} id={`${pointer}-wrong`} />
      {items.map((item, at) => (
        <div key={at} class="row-flex" style={{ alignItems: 'end', flexWrap: 'nowrap' }}>
          <div style={{ flex: 1, minWidth: 0 }}>
            <SchemaField
              schema={each}
              value={item}
              change={(next) => change(items.with(at, next))}
              pointer={pointerTo(pointer, at)}
              errors={errors}
              name={`${name} ${at + 1}`}
              isRequired
            />
          </div>
          <button
            type="button"
            class="button small"
            aria-label={`Remove ${name} ${at + 1}`}
            onClick={() => change(items.toSpliced(at, 1))}
          >
            Remove
          </button>
        </div>
      ))}
      <div>
        <button type="button" class="chip" onClick={() => change([...items, initialOf(each)])}>
          + one more
        </button>
      </div>
    </fieldset>
  )
}

function VariantsField(props: FieldProps) {
  const variants = variantsOf(props.schema) ?? []
  const [chosen, choose] = useState(0)
  const variant = variants[chosen]
  return (
    <fieldset>
      <legend>{props.name}</legend>
      <div class="segmented" role="group" aria-label={`Kind of ${props.name}`}>
        {variants.map((each, at) => (
          <button
            key={at}
            type="button"
            aria-pressed={at === chosen}
            onClick={() => {
              choose(at)
              props.change(initialOf(each))
            }}
          >
            {each.title ?? `kind ${at + 1}`}
          </button>
        ))}
      </div>
      {variant !== undefined && <SchemaField {...props} schema={variant} />}
    </fieldset>
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
