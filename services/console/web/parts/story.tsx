import { clockTime, duration } from '../data/format'
import type { TimelineStep } from '../data/status'
import { Icon } from './icon'
import { lookOf } from './state'

/** What is longer than this between two steps is said in words, and takes no more room than any other. */
const gapMs = 1_000

const words: Readonly<Record<string, string>> = {
  accepted: 'came in, and its caller was told that it is safe',
  stored: 'waits on the disk until the broker takes it',
  published: 'sent to the broker',
  routed: 'the broker confirmed it',
  unrouted: 'no group takes it; kept apart',
  dropped: 'a rule wants it nowhere',
  delayed: 'waits at the broker until it is due',
  delivered: 'an attempt begins',
  failed: 'the attempt failed',
  waiting: 'waits for the next attempt',
  processed: 'its effect is applied',
  filtered: 'no rule of the group wants it',
  dead: 'parked as a dead letter',
  replayed: 'a person had it tried again',
  discarded: 'a person removed it',
  cancelled: 'taken back before it was due',
}

/** The steps of a message, one below the other, with the time between them. */
export function Story({ steps }: { readonly steps: readonly TimelineStep[] }) {
  const first = Date.parse(steps[0]?.at ?? '')
  return (
    <ol class="story">
      {steps.map((step, at) => {
        const time = Date.parse(step.at)
        const since = at === 0 ? 0 : time - Date.parse(steps[at - 1]?.at ?? '')
        const { tone, icon } = lookOf(step.step)
        return (
          <li key={at}>
            <span class="when" title={step.at}>
              {at === 0 ? clockTime(time).slice(0, 8) : `+${duration(time - first)}`}
            </span>
            <span class="mark">
              <span class={tone}>
                <Icon name={icon} />
              </span>
            </span>
            <div class="what">
              {since > gapMs && <div class="hint">after {duration(since)}</div>}
              <div class="row-flex">
                <strong>{step.step}</strong>
                {step.group !== undefined && <span class="tag">{step.group}</span>}
                {step.attempt !== undefined && <span class="hint">attempt {step.attempt}</span>}
                <span class="hint">{words[step.step]}</span>
              </div>
              <Detail step={step} />
            </div>
          </li>
        )
      })}
    </ol>
  )
}

function Detail({ step }: { readonly step: TimelineStep }) {
  const { groups, rule, reason, error, afterMs, until, effect, by, why } = step
  const facts = [
    Array.isArray(groups) && `to ${groups.join(', ')}`,
    rule !== undefined && `rule ${rule}`,
    afterMs !== undefined && `for ${duration(afterMs)}`,
    until !== undefined && `until ${until}`,
    effect === 'duplicate' && 'its effect had been applied before; nothing was done',
    by !== undefined && `by ${by}`,
    why !== undefined && `why: ${why}`,
  ].filter((fact) => fact !== false)
  return (
    <>
      {facts.length > 0 && <div class="hint">{facts.join(', ')}</div>}
      {(reason !== undefined || error !== undefined) && (
        <pre style={{ color: 'var(--bad)' }}>{[reason, error].filter(Boolean).join(': ')}</pre>
      )}
    </>
  )
}
