import type { ComponentChildren } from 'preact'

interface BannerProps {
  readonly tone: 'good' | 'wait' | 'bad'
  readonly children: ComponentChildren
}

/** Something that a person has to know; heard by a screen reader when it appears. */
export function Banner({ tone, children }: BannerProps) {
  return (
    <div class={`banner ${tone} appears`} role={tone === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  )
}

export function ErrorBanner({ error, again }: { readonly error: Error; readonly again?: () => void }) {
  return (
    <Banner tone="bad">
      <span>{error.message}</span>
      {again !== undefined && (
        <button type="button" class="button small" onClick={again}>
          Try again
        </button>
      )}
    </Banner>
  )
}
