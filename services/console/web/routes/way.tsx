import type { AskedRouteRule, AskedRule, ExplanationView, WayStep } from '../../views/routes'
import { many } from '../data/format'
import { Icon, type IconName } from '../parts/icon'
import type { Tone } from '../parts/state'
import { hrefTo } from '../router'

/** The way of an event in words, and what each rule says of it. */
export function Way({ explanation }: { readonly explanation: ExplanationView }) {
  const { way, event, exchange, routingKey, droppedBy, routeRules = [], groups } = explanation
  return (
    <>
      <section class="card" aria-labelledby="way">
        <header>
          <h2 id="way">{way.end}</h2>
        </header>
        <ol class="story">
          {way.steps.map(({ of, name, more }) => (
            <li key={`${of} ${name}`}>
              <span class="when">{of}</span>
              <span class="mark">
                <span class={marks[of][0]}>
                  <Icon name={marks[of][1]} />
                </span>
              </span>
              <div class="what">
                <span class="mono">{name}</span> <span class="hint">{more}</span>
              </div>
            </li>
          ))}
        </ol>
        {droppedBy === undefined && (
          <a class="button small" href={hrefTo(['topology'], { exchange, key: routingKey })}>
            <Icon name="topology" />
            Show in the topology
          </a>
        )}
      </section>
      <section class="card" aria-labelledby="asked">
        <header>
          <h2 id="asked">Rules of the file</h2>
          <span class="hint">
            {routeRules.length === 0 ? 'none is' : `${many(routeRules.length, 'rule')}, in their order,`} about{' '}
            {event.type}
          </span>
        </header>
        <ul class="verdicts">
          {routeRules.map((asked) => (
            <Verdict key={asked.rule} name={asked.rule} {...saidBy(asked)} rules={[asked]} />
          ))}
        </ul>
      </section>
      {groups.length > 0 && (
        <section class="card" aria-labelledby="takers">
          <header>
            <h2 id="takers">Groups</h2>
            <span class="hint">each says for itself whether it takes what is brought to it</span>
          </header>
          <ul class="verdicts">
            {groups.map(({ name, verdict, because, rules }) => (
              <Verdict key={name} name={name} said={verdicts[verdict]} because={because} rules={rules} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

const marks: Readonly<Record<WayStep['of'], readonly [Tone, IconName]>> = {
  from: ['plain', 'in'],
  waits: ['wait', 'hourglass'],
  exchange: ['work', 'route'],
  alternate: ['kept', 'box'],
  queue: ['work', 'box'],
  'kept in': ['kept', 'box'],
  ends: ['bad', 'cross'],
}

type Said = readonly [Tone, IconName, string]

const verdicts: Readonly<Record<ExplanationView['groups'][number]['verdict'], Said>> = {
  takes: ['good', 'check', 'takes it'],
  filters: ['plain', 'skip', 'filters it out'],
  parks: ['bad', 'dead', 'parks it'],
}

function saidBy({ says, does, because = '' }: AskedRouteRule): { readonly said: Said; readonly because: string } {
  if (says === 'cannot be asked') return { said: ['bad', 'dead', says], because }
  if (says === 'no') return { said: ['plain', 'skip', 'does not match'], because }
  if (does.length === 0)
    return { said: ['plain', 'check', 'matches, without effect'], because: because || 'others decide before it' }
  return { said: ['good', 'check', 'matches'], because: [does.join(', '), because].filter(Boolean).join('; ') }
}

interface VerdictProps {
  readonly name: string
  readonly said: Said
  readonly because: string
  readonly rules: readonly AskedRule[]
}

function Verdict({ name, said: [tone, icon, words], because, rules }: VerdictProps) {
  return (
    <li>
      <div class="row-flex">
        <strong>{name}</strong>
        <span class={`badge ${tone}`}>
          <Icon name={icon} />
          {words}
        </span>
        <span class="hint">{because}</span>
      </div>
      {rules.flatMap(({ rule, conditions }) =>
        conditions.map(({ condition, says, because: read }) => (
          <div key={`${rule} ${condition}`} class="row-flex">
            <span class={`badge ${says === 'yes' ? 'good' : says === 'no' ? 'plain' : 'wait'}`}>{says}</span>
            <code>{condition}</code>
            <span class="hint">{read}</span>
          </div>
        )),
      )}
    </li>
  )
}
