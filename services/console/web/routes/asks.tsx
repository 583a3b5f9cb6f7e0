import type { RouteRuleView } from '../../views/routes'
import { hrefTo } from '../router'

/** What has to be true, all of it. */
export function Asks({ conditions, when }: Pick<RouteRuleView, 'conditions' | 'when'>) {
  const all = when === undefined ? conditions : [...conditions, when]
  return (
    <div>
      {all.length === 0 && <span class="hint">always</span>}
      {all.map((text, at) => (
        <div key={text}>
          {at > 0 && <span class="hint">and </span>}
          <code>{text}</code>
        </div>
      ))}
    </div>
  )
}

/** Leads to where one of them would go. */
export function TypeTag({ type }: { readonly type: string }) {
  return (
    <a class="tag" href={hrefTo(['routes', 'explain'], { type })} title="Explain one of these">
      {type}
    </a>
  )
}
