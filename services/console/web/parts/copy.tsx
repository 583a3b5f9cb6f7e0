import { useState } from 'preact/hooks'
import { Icon } from './icon'

/** Puts a text into the clipboard, and says so. */
export function Copy({ text, label }: { readonly text: string | (() => string); readonly label: string }) {
  const [said, say] = useState('')
  const copy = () => {
    const value = typeof text === 'string' ? text : text()
    navigator.clipboard.writeText(value).then(
      () => say('Copied'),
      () => say('The browser does not allow it'),
    )
    setTimeout(() => say(''), 2_000)
  }
  return (
    <button type="button" class="button small" onClick={copy}>
      <Icon name="copy" />
      <span aria-live="polite">{said || label}</span>
    </button>
  )
}
