import type { Line } from '../data/line'

export function Legend({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <div class="legend">
      {lines.map(({ label, colour, dash }) => (
        <span key={label}>
          <svg viewBox="0 0 22 8" aria-hidden="true">
            <path d="M0 4h22" stroke={`var(${colour})`} stroke-width="2.4" stroke-dasharray={dash.join(' ')} />
          </svg>
          {label}
        </span>
      ))}
    </div>
  )
}
