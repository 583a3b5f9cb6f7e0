import { useEffect } from 'preact/hooks'
import { count } from '../../data/format'
import { system } from '../../data/live'
import type { GroupCount } from '../../data/letters/letters'
import { hrefOfGroup } from '../../data/letters/places'
import { useLetters } from '../../data/letters/use-letters'
import { ErrorBanner } from '../../parts/banner'
import { Empty } from '../../parts/empty'
import { Icon } from '../../parts/icon'
import { hrefTo } from '../../router'
import { Works } from './works'

/** Every group with the number of its dead letters. */
export function AllGroups() {
  const counts = useLetters<{ readonly groups: readonly GroupCount[] }>('dead-letters')
  const told = system.value?.broker.groups.map(({ dead }) => dead).join()
  useEffect(() => counts.again(), [told])
  const loaded = counts.loaded.value
  const groups = loaded.state === 'here' ? loaded.value.groups : []
  const all = groups.reduce((sum, { ready }) => sum + ready, 0)
  return (
    <>
      <header class="page-head">
        <h1>Dead letters</h1>
        <p>Messages that a group could not process and nobody has decided on yet. Each stays until a person does.</p>
      </header>
      <Works group={undefined} />
      {loaded.state === 'loading' && <p class="hint">Reading…</p>}
      {loaded.state === 'failed' && <ErrorBanner error={loaded.error} again={counts.again} />}
      {loaded.state === 'here' && all === 0 && <NoneAtAll />}
      {groups.length > 0 && (
        <section class="card" aria-labelledby="groups">
          <header>
            <h2 id="groups">Groups</h2>
            <span class="hint">what somebody looks at in this moment is not counted</span>
          </header>
          <ul class="group-list">
            {groups.map((group) => (
              <Group key={group.name} group={group} all={all} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function Group({ group: { name, ready }, all }: { readonly group: GroupCount; readonly all: number }) {
  return (
    <li>
      <a href={hrefOfGroup(name)}>
        <strong>{name}</strong>
        <span class="share" aria-hidden="true">
          <i style={{ width: `${all === 0 ? 0 : (100 * ready) / all}%` }} />
        </span>
        {ready === 0 ? (
          <span class="badge good">
            <Icon name="check" />
            none
          </span>
        ) : (
          <span class="badge bad">
            <Icon name="dead" />
            {count(ready)}
          </span>
        )}
      </a>
    </li>
  )
}

function NoneAtAll() {
  return (
    <section class="card">
      <Empty icon="check" title="No dead letters">
        <p>
          A message is parked here when its handler said no for good, when its last attempt failed, or when nobody could
          read it. It waits, whole, until you replay, edit or discard it.
        </p>
        <p>To see one, capture a payment twice: the second capture is refused, and its message is parked.</p>
        <a class="button main" href={hrefTo(['send', 'payment.capture'])}>
          Send a payment.capture
        </a>
      </Empty>
    </section>
  )
}
