import { useId } from 'preact/hooks'
import { formulas, type FormulaName } from '../../views/numbers'
import { Icon } from './icon'

/** What a number means, for whoever points at it or comes to it by the keyboard. */
export function Formula({ of }: { readonly of: FormulaName }) {
  const id = useId()
  return (
    <span class="formula">
      <button type="button" aria-describedby={id} aria-label="What this number means">
        <Icon name="info" />
      </button>
      <span role="tooltip" id={id}>
        {formulas[of]}
      </span>
    </span>
  )
}
