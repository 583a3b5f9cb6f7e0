import { duration } from '../data/format'
import type { Status, TimelineStep } from '../data/status'
import { hrefTo } from '../router'
import { StateBadge } from './state'

interface Bar {
  readonly tone: 'work' | 'bad' | 'wait' | 'good'
  readonly from: number
  readonly to: number
  readonly words: string
}

const ends: ReadonlySet<string> = new Set(['processed', 'failed', 'dead', 'filtered'])

/** Each group's attempts and waits on one scale of time. */
export function GroupLanes({ status }: { readonly status: Status }) {
  const { timeline, groups } = status
  const times = timeline.map(({ at }) => Date.parse(at))
  const [from, to] = [Math.min(...times), Math.max(...times)]
  const span = Math.max(1, to - from)
  if (groups.length === 0) return <p class="hint">No group has it yet.</p>
  return (
    <div class="lanes">
      {groups.map(({ name, state }) => {
        const bars = barsOf(timeline.filter(({ group }) => group === name))
        return (
          <div class="stack" key={name} style={{ gap: '0.2rem' }}>
            <div class="row-flex">
              <strong>{name}</strong>
              <StateBadge state={state} />
              {state === 'dead' && (
                <a class="button small" href={hrefTo(['dead-letters', name, status.id])}>
                  Look at it, replay or edit it
                </a>
              )}
            </div>
            <div class="lane" style={{ gridTemplateColumns: 'minmax(0, 1fr) 80px' }}>
              <div class="bar" role="img" aria-label={bars.map(({ words }) => words).join(', ') || 'no attempt yet'}>
                {bars.map((bar, at) => (
                  <i
                    key={at}
                    class={bar.tone}
                    title={bar.words}
                    style={{
                      left: `${(100 * (bar.from - from)) / span}%`,
                      width: `${(100 * (bar.to - bar.from)) / span}%`,
                    }}
                  />
                ))}
              </div>
              <span class="took hint">
                {bars.length > 0 && duration((bars.at(-1)?.to ?? 0) - (bars[0]?.from ?? 0))}
              </span>
            </div>
          </div>
        )
      })}
    </div>
  )
}

function barsOf(steps: readonly TimelineStep[]): readonly Bar[] {
  const bars: Bar[] = []
  let begun: number | undefined
  let waits: number | undefined
  for (const { step, at: text, attempt = 1 } of steps) {
    const at = Date.parse(text)
    if (step === 'delivered') {
      if (waits !== undefined) bars.push({ tone: 'wait', from: waits, to: at, words: `waited ${duration(at - waits)}` })
      begun = at
      waits = undefined
    } else if (ends.has(step) && begun !== undefined) {
      const tone = step === 'processed' ? 'good' : step === 'filtered' ? 'work' : 'bad'
      bars.push({ tone, from: begun, to: at, words: `attempt ${attempt} ${step} after ${duration(at - begun)}` })
      begun = undefined
    } else if (step === 'waiting') waits = at
  }
  return bars
}
