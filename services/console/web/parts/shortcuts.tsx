import { chooseLetterKeys, letterKeys } from '../data/letter-keys'
import { Dialog } from './dialog'

interface ShortcutsProps {
  readonly pages: readonly { readonly title: string; readonly letter: string }[]
  readonly close: () => void
}

export function Shortcuts({ pages, close }: ShortcutsProps) {
  const letters: readonly (readonly [string, string])[] = [
    ['/', 'find messages'],
    ['j  k', 'down and up in a list'],
    ['x', 'choose a dead letter, or not'],
    ...pages.map(({ title, letter }) => [`g ${letter}`, title] as const),
    ['?', 'these keys'],
  ]
  const others: readonly (readonly [string, string])[] = [
    ['Enter', 'open the chosen message'],
    ['Esc', 'close what is in front'],
    ['← → Home End', 'through the time of a chart; Enter shows its messages'],
  ]
  const isOn = letterKeys.value === 'on'
  return (
    <Dialog title="Keys" close={close}>
      <label class="row-flex">
        <input type="checkbox" checked={isOn} onChange={() => chooseLetterKeys(isOn ? 'off' : 'on')} />
        Letters are shortcuts
      </label>
      <p class="hint">Turned off, a letter does nothing but be written. This browser remembers it.</p>
      <Keys keys={isOn ? [...letters, ...others] : others} />
      <div class="ends">
        <button type="button" class="button" onClick={close}>
          Close
        </button>
      </div>
    </Dialog>
  )
}

function Keys({ keys }: { readonly keys: readonly (readonly [string, string])[] }) {
  return (
    <dl class="facts">
      {keys.map(([key, what]) => (
        <>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </>
      ))}
    </dl>
  )
}
