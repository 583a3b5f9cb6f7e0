import { signal } from '@preact/signals'

interface Toast {
  readonly number: number
  readonly text: string
  readonly tone: 'good' | 'bad'
}

const toasts = signal<readonly Toast[]>([])
const shownMs = 6_000
let number = 0

/** Says in passing that something is done. What a person must not miss is said where it belongs. */
export function toast(text: string, tone: Toast['tone'] = 'good'): void {
  const mine = { number: ++number, text, tone }
  toasts.value = [...toasts.value.slice(-3), mine]
  setTimeout(() => {
    toasts.value = toasts.value.filter((each) => each.number !== mine.number)
  }, shownMs)
}

export function Toasts() {
  return (
    <div class="toasts" aria-live="polite">
      {toasts.value.map(({ number: key, text, tone }) => (
        <div key={key} class={`${tone} appears`}>
          {text}
        </div>
      ))}
    </div>
  )
}
