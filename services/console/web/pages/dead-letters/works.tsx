import type { Work } from '../../data/letters/work'
import { forgetWork, works } from '../../data/letters/works'
import { Icon, type IconName } from '../../parts/icon'
import { WorkResults } from './work-results'

const looks: Readonly<Record<Work['state'], { readonly tone: string; readonly icon: IconName }>> = {
  running: { tone: 'work', icon: 'hourglass' },
  done: { tone: 'good', icon: 'check' },
  stopped: { tone: 'wait', icon: 'pause' },
  failed: { tone: 'bad', icon: 'cross' },
}

const placeId = 'works'

/** Brings whoever has started something to where it is told; a dialog that closes has given the focus back by then. */
export function goToWorks(): void {
  requestAnimationFrame(() => document.getElementById(placeId)?.focus())
}

/** What was asked for in this tab, how far it is and how it ended: of a group, or of all. */
export function Works({ group }: { readonly group: string | undefined }) {
  const shown = works.value.filter((work) => group === undefined || work.group === group)
  return (
    <section id={placeId} tabIndex={-1} class="works" aria-label="What you have asked for">
      {shown.map((work) => (
        <OneWork key={work.number} work={work} />
      ))}
    </section>
  )
}

function OneWork({ work }: { readonly work: Work }) {
  const { number, title, state, done, all, says, link, results = [], stop } = work
  const { tone, icon } = looks[state]
  return (
    <div class="card stack one-work appears">
      <div class="head">
        <span class={`badge ${tone}`}>
          <Icon name={icon} />
          {state}
        </span>
        <strong class="title">{title}</strong>
        <span class="end">
          {stop !== undefined && (
            <button type="button" class="button danger small" onClick={stop}>
              Stop
            </button>
          )}
          {state !== 'running' && (
            <button type="button" class="button plain small" onClick={() => forgetWork(number)}>
              Dismiss<span class="visually-hidden">: {title}</span>
            </button>
          )}
        </span>
      </div>
      {state === 'running' && <progress aria-label={title} value={done} max={Math.max(1, all)} />}
      <p role={state === 'failed' ? 'alert' : 'status'} class="says">
        {says} {link !== undefined && <a href={link.href}>{link.text}</a>}
      </p>
      {results.length > 0 && <WorkResults work={work} />}
    </div>
  )
}
