import type { ComponentChildren } from 'preact'
import type { FormulaName } from '../../views/numbers'
import { Formula } from './formula'

interface TileProps {
  readonly name: string
  readonly of?: FormulaName
  readonly value: string
  readonly unit?: string
  readonly more: ComponentChildren
  readonly tone?: 'bad' | undefined
}

/** One number, what it is of, and what stands behind it. */
export function Tile({ name, of, value, unit = '', more, tone }: TileProps) {
  return (
    <section class="card tile" aria-label={name}>
      <div class="name">
        {name}
        {of !== undefined && <Formula of={of} />}
      </div>
      <div class="value" style={tone === undefined ? {} : { color: `var(--${tone})` }}>
        {value}
        {unit !== '' && <small>{unit}</small>}
      </div>
      <div class="more">{more}</div>
    </section>
  )
}
