import type { TopologyView } from '../../views/topology'
import { many } from '../data/format'
import { Icon } from '../parts/icon'
import { differenceWords } from './words'

/** Whether all is as declared, and what to do where it is not. */
export function StateBanner({ view }: { readonly view: TopologyView }) {
  const { summary, unseen } = view
  const isDifferent = summary.state === 'different'
  return (
    <div class={`banner topo-state ${isDifferent ? 'bad' : 'good'}`} role="status">
      <span class="topo-icon">
        <Icon name={isDifferent ? 'dead' : 'check'} />
      </span>
      <span>
        <strong>{isDifferent ? `${capital(differenceWords(view))}.` : 'As declared.'}</strong>{' '}
        {isDifferent ? (
          <>
            <code>npx handoff topology plan</code> tells of each; <code>npx handoff topology apply</code> makes what is
            missing, once nothing differs from what is declared; what differs or is extra, a person has to judge.
          </>
        ) : (
          <>
            {many(summary.equal, 'object')} at {view.place}
            {unseen === undefined ? ', with their bindings, stand' : ' stand'} as the code says.
          </>
        )}
      </span>
    </div>
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** What is hidden, and how to see it. */
export function UnseenBanner({ unseen }: { readonly unseen: string }) {
  return (
    <div class="banner wait" role="status">
      <details>
        <summary>
          Only a part can be seen: bindings are drawn as declared, and figures, policies and what nobody declared are
          hidden. Enable rabbitmq_management, or set BROKER_MANAGEMENT_URL.
        </summary>
        <p>{unseen}.</p>
      </details>
    </div>
  )
}
