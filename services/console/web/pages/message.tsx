import { Refusal } from '../data/api'
import { duration, fullTime } from '../data/format'
import type { Relative, Status } from '../data/status'
import { useStatus } from '../data/use-status'
import { ErrorBanner } from '../parts/banner'
import { Copy } from '../parts/copy'
import { later } from '../parts/later'
import { Empty } from '../parts/empty'
import { GroupLanes } from '../parts/group-lanes'
import { StateBadge } from '../parts/state'
import { Story } from '../parts/story'
import { hrefTo, place } from '../router'

const Carried = later(async () => (await import('../parts/carried')).Carried)

/** One message's whole story. */
export function Message({ id }: { readonly id: string }) {
  const source = place.value.query.get('source') ?? undefined
  const seen = useStatus(id, source)
  if (seen === undefined) return <p class="hint">Reading…</p>
  if ('error' in seen) return <NotFound id={id} error={seen.error} />
  return <Whole status={seen.status} />
}

function Whole({ status }: { readonly status: Status }) {
  const { id, type, state, timeline } = status
  const [first, last] = [timeline[0], timeline.at(-1)]
  const took = first === undefined || last === undefined ? 0 : Date.parse(last.at) - Date.parse(first.at)
  return (
    <>
      <header class="page-head">
        <h1>{type}</h1>
        <StateBadge state={state} />
        <div class="actions">
          <Copy text={id} label="Copy the id" />
          <Copy text={() => location.href} label="Copy the link" />
          <a class="button small" href={hrefTo(['send', type])}>
            Send another
          </a>
        </div>
        <p class="mono">{id}</p>
      </header>
      <div class="split">
        <div class="stack">
          <section class="card">
            <header>
              <h2>Story</h2>
              <span class="hint">{duration(took)} from its first step to its last</span>
            </header>
            <Story steps={timeline} />
          </section>
          <Carried status={status} />
        </div>
        <div class="stack">
          <section class="card">
            <header>
              <h2>Groups</h2>
              <span class="hint">attempts and waits, each on its own line</span>
            </header>
            <GroupLanes status={status} />
          </section>
          <Facts status={status} />
          <Family title="Followed from it" empty="Nothing followed from it so far." those={status.children} />
          {status.related.length > 0 && <Family title="Of the same whole" empty="" those={status.related} />}
        </div>
      </div>
    </>
  )
}

function Facts({ status }: { readonly status: Status }) {
  const { source, correlationId, causationId, timeline } = status
  return (
    <section class="card">
      <header>
        <h2>Facts</h2>
      </header>
      <dl class="facts">
        <dt>source</dt>
        <dd class="mono">{source}</dd>
        {timeline[0] !== undefined && (
          <>
            <dt>first step</dt>
            <dd class="mono">{fullTime(Date.parse(timeline[0].at))}</dd>
          </>
        )}
        {causationId !== undefined && (
          <>
            <dt>followed from</dt>
            <dd>
              <a class="mono" href={hrefTo(['messages', causationId])}>
                {causationId}
              </a>
            </dd>
          </>
        )}
        {correlationId !== undefined && (
          <>
            <dt>whole</dt>
            <dd>
              <a class="mono" href={hrefTo(['timeline'], { filter: `correlation:${correlationId}` })}>
                {correlationId}
              </a>
            </dd>
          </>
        )}
        <dt>in a terminal</dt>
        <dd>
          <code>npx handoff status {status.id}</code>
        </dd>
      </dl>
    </section>
  )
}

interface FamilyProps {
  readonly title: string
  readonly empty: string
  readonly those: readonly Relative[]
}

function Family({ title, empty, those }: FamilyProps) {
  return (
    <section class="card">
      <header>
        <h2>{title}</h2>
      </header>
      {those.length === 0 ? (
        <p class="hint">{empty}</p>
      ) : (
        <ul class="stack" style={{ gap: '0.4rem' }}>
          {those.map(({ id, source, type, state }) => (
            <li key={`${source} ${id}`} class="row-flex">
              <StateBadge state={state} />
              <a href={hrefTo(['messages', id], { source })}>{type}</a>
              <span class="mono hint">{id}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function NotFound({ id, error }: { readonly id: string; readonly error: Error }) {
  const sources = error instanceof Refusal ? error.problem['sources'] : undefined
  if (Array.isArray(sources))
    return (
      <Empty icon="dot" title="Several messages bear this id" of="whole">
        <p>Which one? They differ in their source.</p>
        <ul class="stack">
          {(sources as readonly string[]).map((source) => (
            <li key={source}>
              <a class="mono" href={hrefTo(['messages', id], { source })}>
                {source}
              </a>
            </li>
          ))}
        </ul>
      </Empty>
    )
  if (!(error instanceof Refusal) || error.status !== 404) return <ErrorBanner error={error} />
  return (
    <Empty icon="dot" title="Nobody knows this message" of="whole">
      <p>
        The journal has no message <code>{id}</code>. It keeps one for seven days, and is told of it within a second.
      </p>
      <a class="button" href={hrefTo(['timeline'])}>
        To the timeline
      </a>
    </Empty>
  )
}
