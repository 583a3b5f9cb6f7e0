import type { DeedView, RouteRuleView, RoutesView } from '../../views/routes'
import { now } from '../data/clock'
import { duration, many } from '../data/format'
import { Empty } from '../parts/empty'
import { Icon } from '../parts/icon'
import { hrefTo } from '../router'
import { Asks, TypeTag } from './asks'
import { GroupRules } from './group-rules'

/** The rules in effect, one below the other as they are asked. */
export function Rules({ view }: { readonly view: RoutesView }) {
  const { file, rules, groups } = view
  return (
    <>
      {file.state === 'in effect' && <FileLine view={view} />}
      <section class="card flush" aria-labelledby="file-rules">
        <header>
          <h2 id="file-rules">Rules of the file</h2>
          <span class="hint">asked from top to bottom when a message is published; each that matches acts</span>
        </header>
        {rules.length === 0 && <NoRules view={view} />}
        <ol class="rules">
          {rules.map((rule) => (
            <Rule key={rule.name} rule={rule} />
          ))}
        </ol>
      </section>
      <GroupRules groups={groups} />
    </>
  )
}

function FileLine({ view: { file, rules, services } }: { readonly view: RoutesView }) {
  const ageMs = Math.max(0, Math.floor((now.value - file.since) / 1_000) * 1_000)
  return (
    <p class="row-flex">
      <strong class="mono">{file.name}</strong>
      <span class="tag mono" title="Of its text: the same for the same text">
        {file.hash}
      </span>
      <span class="hint">
        {many(rules.length, 'rule')}, in effect here for {duration(ageMs)}
      </span>
      {services.map(({ name, url, rules: theirs }) => (
        <span key={url} class={`badge ${looks[theirs].tone}`} title={url}>
          <Icon name={looks[theirs].icon} />
          {name} {looks[theirs].words}
        </span>
      ))}
    </p>
  )
}

const looks = {
  'the same': { tone: 'good', icon: 'check', words: 'goes by the same' },
  others: { tone: 'wait', icon: 'dead', words: 'goes by others' },
  unknown: { tone: 'plain', icon: 'dot', words: 'does not tell' },
} as const

function Rule({ rule: { name, types, does, ...asks } }: { readonly rule: RouteRuleView }) {
  return (
    <li>
      <div>
        <h3>{name}</h3>
        <div class="row-flex">
          {types.map((type) => (
            <TypeTag key={type} type={type} />
          ))}
        </div>
      </div>
      <Asks {...asks} />
      <ul class="stack">
        {does.map((deed) => (
          <Deed key={deed.action} {...deed} />
        ))}
      </ul>
    </li>
  )
}

const deeds = {
  route: { tone: 'work', icon: 'route' },
  copy: { tone: 'kept', icon: 'copy' },
  drop: { tone: 'bad', icon: 'cross' },
  delay: { tone: 'wait', icon: 'hourglass' },
  key: { tone: 'plain', icon: 'timeline' },
  priority: { tone: 'plain', icon: 'send' },
} as const

function Deed({ action, words, expression }: DeedView) {
  return (
    <li class="row-flex">
      <span class={`badge ${deeds[action].tone}`}>
        <Icon name={deeds[action].icon} />
        {words}
      </span>
      {expression !== undefined && <code>{expression}</code>}
    </li>
  )
}

function NoRules({ view: { file, example } }: { readonly view: RoutesView }) {
  return (
    <Empty icon="route" title={file.state === 'none' ? 'There is no routes file' : 'The file has no rules'}>
      <p>
        Every message goes to the groups that take its type. A file can say otherwise while all is running: send some to
        other groups, copy, drop or delay them, or give them a key or a priority.
      </p>
      <pre>{example}</pre>
      <a class="button main" href={hrefTo(['routes', 'what-if'])}>
        Try it on past traffic
      </a>
      <p>
        Save it as <code>{file.name}</code> in the working folder of the services, or name another by{' '}
        <code>ROUTES_FILE</code>; they take it up within seconds, without a restart.
      </p>
    </Empty>
  )
}
