import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'

interface DialogProps {
  readonly title: string
  readonly close: () => void
  readonly width?: 'wide'
  readonly children: ComponentChildren
}

/** A question or a notice before the page. The browser keeps the focus inside, and Escape closes it. */
export function Dialog({ title, close, width, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const before = document.activeElement
    const mine = dialog.current
    mine?.showModal()
    // Taken out of the page while it is open, it would leave the focus nowhere.
    return () => {
      const now = document.activeElement
      const isNowhere = now === null || now === document.body || mine?.contains(now) === true
      if (isNowhere && before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      class={width}
      aria-labelledby={id}
      onClose={close}
      onClick={({ target }) => {
        if (target === dialog.current) close()
      }}
    >
      <div class="stack">
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </dialog>
  )
}
