import { signal } from '@preact/signals'

export type LetterKeys = 'on' | 'off'
const name = 'handoff-letter-keys'

/** Whether single letters are shortcuts. Who speaks to the machine, or often hits a wrong key, sets them off without wanting to. */
export const letterKeys = signal<LetterKeys>(localStorage.getItem(name) === 'off' ? 'off' : 'on')

export function chooseLetterKeys(chosen: LetterKeys): void {
  letterKeys.value = chosen
  localStorage.setItem(name, chosen)
}

/** Whether a key may be taken for a shortcut: nobody is writing, and a letter has not been turned off as one. */
export function isShortcut({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || isWritten(target)) return false
  return key.length > 1 || letterKeys.value === 'on'
}

function isWritten(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.matches('input:not([type=checkbox]), textarea, select, [contenteditable]')
  )
}
