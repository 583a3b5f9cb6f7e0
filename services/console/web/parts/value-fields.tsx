import { useEffect, useState } from 'preact/hooks'
import { choicesOf, limitsOf } from '../data/schema'
import { FieldError } from './field-error'
import type { FieldProps } from './field-props'

/** One of the values that the schema names. */
export function ChoiceField({ schema, value, change, ...props }: FieldProps) {
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

export function YesNoField({ schema, value, change, ...props }: FieldProps) {
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

export function NumberField({ schema, value, change, ...props }: FieldProps) {
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

export function TextField({ schema, value, change, ...props }: FieldProps) {
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
export function JsonField({ schema, value, change, ...props }: FieldProps) {
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
      <FieldError text={wrong} id={`${id}-wrong`} />
    </div>
  )
}
