import { Dialog } from './dialog'

interface ShortcutsProps {
  readonly pages: readonly { readonly title: string; readonly letter: string }[]
  readonly close: () => void
}

export function Shortcuts({ pages, close }: ShortcutsProps) {
  const keys: readonly (readonly [string, string])[] = [
    ['/', 'find messages'],
    ['j  k', 'down and up in a list'],
    ['Enter', 'open the chosen message'],
    ['x', 'choose a dead letter, or not'],
    ...pages.map(({ title, letter }) => [`g ${letter}`, title] as const),
    ['?', 'these keys'],
    ['Esc', 'close what is in front'],
  ]
  return (
    <Dialog title="Keys" close={close}>
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
      <div class="ends">
        <button type="button" class="button" onClick={close}>
          Close
        </button>
      </div>
    </Dialog>
  )
}
