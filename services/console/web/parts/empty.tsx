import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon'

interface EmptyProps {
  readonly icon: IconName
  readonly title: string
  /** `whole`: the page is nothing else, so that this is its heading. Default `part`. */
  readonly of?: 'whole' | 'part'
  /** What to do next. */
  readonly children: ComponentChildren
}

export function Empty({ icon, title, of = 'part', children }: EmptyProps) {
  return (
    <div class="empty">
      <span style={{ width: '34px', height: '34px' }}>
        <Icon name={icon} />
      </span>
      {of === 'whole' ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  )
}
