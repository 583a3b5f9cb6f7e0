import { useEffect, useState } from 'preact/hooks'
import { choicesOf, fieldKind, initialOf, limitsOf, pointerTo, variantsOf, type Schema } from '../data/schema'

export interface FieldProps {
  readonly schema: Schema
  readonly value: unknown
  readonly change: (value: unknown) => void
  /** RFC 6901, also the id of the field in the page. */
  readonly pointer: string
  /** What the server finds wrong, by pointer. */
  readonly errors: ReadonlyMap<string, string>
  /** For a person. */
  readonly name: string
  readonly isRequired: boolean
}

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
      <Wrong text={errors.get(pointer)} id={`${pointer}-wrong`} />
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
      <Wrong text={errors.get(pointer)} id={`${pointer}-wrong`} />
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

function ChoiceField({ schema, value, change, ...props }: FieldProps) {
  const choices = choicesOf(schema) ?? []
  const at = choices.findIndex((choice) => JSON.stringify(choice) === JSON.stringify(value))
  return (
    <Labelled schema={schema} {...props}>
      {(described) => (
        <select
          {...described}
          value={String(at)}
          onChange={({ currentTarget }) => change(choices[Number(currentTarget.value)])}
        >
          {at < 0 && <option value="-1">choose</option>}
          {choices.map((choice, index) => (
            <option key={index} value={String(index)}>
              {String(choice)}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  )
}

function YesNoField({ schema, value, change, ...props }: FieldProps) {
  return (
    <Labelled schema={schema} {...props}>
      {(described) => (
        <select
          {...described}
          value={String(value === true)}
          onChange={({ currentTarget }) => change(currentTarget.value === 'true')}
        >
          <option value="true">true</option>
          <option value="false">false</option>
        </select>
      )}
    </Labelled>
  )
}

function NumberField({ schema, value, change, ...props }: FieldProps) {
  return (
    <Labelled schema={schema} {...props}>
      {(described) => (
        <input
          {...described}
          type="number"
          step={schema.type === 'integer' ? 1 : 'any'}
          value={typeof value === 'number' ? value : ''}
          onInput={({ currentTarget }) => change(currentTarget.value === '' ? null : Number(currentTarget.value))}
        />
      )}
    </Labelled>
  )
}

function TextField({ schema, value, change, ...props }: FieldProps) {
  const text = typeof value === 'string' ? value : ''
  const isLong = text.length > 80 || text.includes('\n')
  return (
    <Labelled schema={schema} {...props}>
      {(described) =>
        isLong ? (
          <textarea {...described} rows={4} value={text} onInput={({ currentTarget }) => change(currentTarget.value)} />
        ) : (
          <input
            {...described}
            type="text"
            value={text}
            spellcheck={false}
            onInput={({ currentTarget }) => change(currentTarget.value)}
          />
        )
      }
    </Labelled>
  )
}

/** What no field is made for: as JSON, kept as it is written while it cannot be read. */
function JsonField({ schema, value, change, ...props }: FieldProps) {
  const [text, setText] = useState(JSON.stringify(value, null, 2))
  const [wrong, setWrong] = useState<string | undefined>(undefined)
  useEffect(() => {
    if (wrong === undefined) setText(JSON.stringify(value, null, 2))
  }, [value])
  const errors = wrong === undefined ? props.errors : new Map([...props.errors, [props.pointer, wrong]])
  return (
    <Labelled schema={schema} {...props} errors={errors}>
      {(described) => (
        <textarea
          {...described}
          rows={4}
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value)
            try {
              change(JSON.parse(currentTarget.value))
              setWrong(undefined)
            } catch (error) {
              setWrong((error as Error).message)
            }
          }}
        />
      )}
    </Labelled>
  )
}

interface Described {
  readonly id: string
  readonly 'aria-describedby': string
  readonly 'aria-invalid': boolean
}

interface LabelledProps extends Omit<FieldProps, 'value' | 'change'> {
  readonly children: (described: Described) => preact.ComponentChildren
}

function Labelled({ schema, pointer, errors, name, isRequired, children }: LabelledProps) {
  const wrong = errors.get(pointer)
  const id = `field${pointer}`
  const help = [schema.description, limitsOf(schema)].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id}>
        {name} {!isRequired && <span class="hint">(may be left out)</span>}
      </label>
      {children({ id, 'aria-describedby': `${id}-help ${id}-wrong`, 'aria-invalid': wrong !== undefined })}
      <span class="help" id={`${id}-help`}>
        {help}
      </span>
      <Wrong text={wrong} id={`${id}-wrong`} />
    </div>
  )
}

function Wrong({ text, id }: { readonly text: string | undefined; readonly id: string }) {
  return text === undefined ? null : (
    <span class="wrong" id={id}>
      {text}
    </span>
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
