import type { TopologyNode, TopologyView } from '../../views/topology'
import { count } from '../data/format'
import { hrefTo } from '../router'
import { FactTable, PolicyFacts, shownValue } from './fact-table'
import { inGroupOrder } from './group-order'
import { markLooks, marksOf } from './marks'
import { kindWords, plainName } from './names'
import { Part, Ways } from './node-ways'
import { rateText } from './rates'
import type { ShownNode } from './shown-graph'
import { stateWords } from './words'

interface NodePanelProps {
  readonly shown: ShownNode
  readonly view: TopologyView
  readonly onChoose: (id: string | undefined) => void
  readonly onOpen: (family: string) => void
}

/** Everything about what is chosen. */
export function NodePanel({ shown, view, onChoose, onOpen }: NodePanelProps) {
  const [node] = shown.members
  return (
    <section class="card stack topo-panel" aria-label={`About ${shown.title}`}>
      <header>
        <h2>{shown.title}</h2>
        <button type="button" class="button small" onClick={() => onChoose(undefined)}>
          Close
        </button>
        <p class="hint">{shown.about}</p>
      </header>
      {shown.fold === undefined && node !== undefined ? (
        <Whole {...{ node, view, onChoose }} />
      ) : (
        <Family {...{ shown, view, onChoose, onOpen }} />
      )}
    </section>
  )
}

function Whole({ node, view, onChoose }: { readonly node: TopologyNode } & Pick<NodePanelProps, 'view' | 'onChoose'>) {
  const { kind, name, differences, facts, policy } = node
  const words = stateWords(node)
  return (
    <>
      <Marks node={node} />
      {kind !== 'service' && <code class="topo-name">{name}</code>}
      {words !== '' && <p>{words}</p>}
      <FiguresOf node={node} />
      <LinksOf node={node} />
      {differences.length > 0 && (
        <Part title="What differs">
          <ul class="topo-lines">
            {differences.map(({ fact, declared, found }) => (
              <li key={fact}>
                <code>{fact}</code> is <strong>{shownValue(found)}</strong>, declared is{' '}
                <strong>{shownValue(declared)}</strong>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {Object.keys(facts).length > 0 && (
        <Part title={node.state === 'missing' ? 'Declared with' : 'Facts and arguments'}>
          <FactTable facts={facts} />
        </Part>
      )}
      {policy !== undefined && <PolicyFacts policy={policy} />}
      <Ways title="Comes from" {...{ node, view, onChoose }} end="from" />
      <Ways title="Goes to" {...{ node, view, onChoose }} end="to" />
    </>
  )
}

function Marks({ node }: { readonly node: TopologyNode }) {
  const marks = marksOf(node)
  if (marks.length === 0) return null
  return (
    <div class="row-flex">
      {marks.map((mark) => (
        <span key={mark} class={`badge ${markLooks[mark].tone}`}>
          {markLooks[mark].symbol} {markLooks[mark].words}
        </span>
      ))}
    </div>
  )
}

function FiguresOf({ node: { kind, figures, rates = {}, state } }: { readonly node: TopologyNode }) {
  const { ready, inHand, messages, consumers } = figures
  const told: readonly (readonly [string, string | undefined])[] = [
    ['ready', counted(ready)],
    ['in hand', counted(inHand)],
    ['all messages', ready === undefined ? counted(messages) : undefined],
    ['consumers', counted(consumers)],
    ['in', rates.in === undefined ? undefined : rateText(rates.in)],
    ['out', rates.out === undefined ? undefined : rateText(rates.out)],
  ]
  const known = told.filter(([, value]) => value !== undefined)
  if (kind !== 'queue' && known.length === 0) return null
  if (known.length === 0) return state === 'missing' ? null : <p class="hint">The broker tells no figures of it.</p>
  return (
    <dl class="topo-figures">
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function counted(value: number | undefined): string | undefined {
  return value === undefined ? undefined : count(value)
}

function LinksOf({ node: { group, role, state } }: { readonly node: TopologyNode }) {
  if (group === undefined || state === 'extra') return null
  return (
    <div class="row-flex">
      <a class="button small" href={hrefTo(['timeline'], { filter: `group:${group}` })}>
        Messages of {group}
      </a>
      {role !== 'consumer' || (
        <a class="button small" href={hrefTo(['timeline'], { filter: `group:${group} state:waiting` })}>
          Waiting for a retry
        </a>
      )}
      <a class="button small" href={hrefTo(['dead-letters', group])}>
        Dead letters of {group}
      </a>
    </div>
  )
}

function Family({ shown, view, onChoose, onOpen }: NodePanelProps) {
  const { fold = '', members } = shown
  const [first] = members
  return (
    <>
      <button type="button" class="button main" onClick={() => onOpen(fold)}>
        Show each in the picture
      </button>
      {first?.group !== undefined && <LinksOf node={first} />}
      <table class="topo-members">
        <thead>
          <tr>
            <th>Object</th>
            <th class="number">Ready</th>
            <th class="number">In hand</th>
          </tr>
        </thead>
        <tbody>
          {[...members].sort(inGroupOrder).map((member) => (
            <tr key={member.id}>
              <td>
                <button type="button" class="link" title={member.name} onClick={() => onChoose(member.id)}>
                  {plainName(member.name, view.namespace)}
                </button>
                <div class="hint">{kindWords(member)}</div>
                <Marks node={member} />
              </td>
              <td class="number">{member.figures.ready ?? '–'}</td>
              <td class="number">{member.figures.inHand ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
