import { useState } from 'preact/hooks'
import { keyWanted, useKey } from '../data/key'
import { askRights } from '../data/access'
import { restart } from '../data/live'
import { Dialog } from './dialog'

/** Asks for the console's key, which stays in this tab until it is closed. */
export function AskForKey({ why }: { readonly why: string }) {
  const [key, setKey] = useState('')
  return (
    <Dialog title="This console asks for a key" close={() => (keyWanted.value = undefined)}>
      <p class="hint">{why}</p>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault()
          useKey(key.trim())
          askRights()
          restart()
        }}
      >
        <div class="field">
          <label for="key">Key</label>
          <input
            id="key"
            type="password"
            autocomplete="current-password"
            required
            value={key}
            onInput={({ currentTarget }) => setKey(currentTarget.value)}
          />
          <span class="help">
            One of those in CONSOLE_API_KEYS, or in CONSOLE_READ_KEYS, with which you may look. It is kept in this tab
            alone, until you close it.
          </span>
        </div>
        <div class="ends">
          <button type="submit" class="button main">
            Open
          </button>
        </div>
      </form>
    </Dialog>
  )
}
