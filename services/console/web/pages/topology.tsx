import { useMemo } from 'preact/hooks'
import '../styles/topology.css'
import type { TopologyView } from '../../views/topology'
import { Refusal } from '../data/api'
import { now } from '../data/clock'
import { duration } from '../data/format'
import { useQuietStream } from '../data/quiet'
import { ErrorBanner } from '../parts/banner'
import { Empty } from '../parts/empty'
import { place } from '../router'
import { focusOnRoute } from '../topology/focus'
import { KeyFinder, useRoute } from '../topology/key-finder'
import { NodePanel } from '../topology/node-panel'
import { changeQuery, choose, pageQuery, toggleFold, type PageQuery } from '../topology/page-query'
import { Picture } from '../topology/picture'
import { shownGraph } from '../topology/shown-graph'
import { StateBanner, UnseenBanner } from '../topology/state-banner'
import { TopologyList } from '../topology/topology-list'
import { useTopology } from '../topology/use-topology'

const tabs = { picture: 'Picture', list: 'List' } as const

/** What stands at the broker, against what the code declares. */
export function Topology() {
  useQuietStream()
  const { view, error, again } = useTopology()
  const query = pageQuery(place.value.query)
  const reason = error instanceof Refusal ? error.problem['reason'] : undefined
  return (
    <>
      <header class="page-head">
        <h1>Topology</h1>
        <div class="actions">
          {view !== undefined && (
            <span class="hint topo-age">
              {view.place}, looked at {duration(Math.max(0, Math.round((now.value - view.at) / 1_000) * 1_000))} ago
            </span>
          )}
          {view !== undefined && <Tabs query={query} />}
        </div>
      </header>
      {error !== undefined && <ErrorBanner error={error} again={again} />}
      {view === undefined && error === undefined && <p class="hint">Looking at the broker…</p>}
      {view === undefined && error !== undefined && (
        <Empty icon="topology" title="Nothing can be seen of the broker">
          {typeof reason === 'string' && <p>{reason}.</p>}
          <p>
            The picture comes by itself once it is back. Nothing is lost meanwhile: what is accepted waits in the spool.
          </p>
        </Empty>
      )}
      {view !== undefined && <Seen view={view} query={query} />}
    </>
  )
}

function Tabs({ query }: { readonly query: PageQuery }) {
  const isAll = query.opened === 'all'
  return (
    <>
      {query.tab === 'picture' && (
        <button
          type="button"
          class="button small"
          aria-pressed={isAll}
          onClick={() => changeQuery({ open: isAll ? undefined : 'all' })}
        >
          {isAll ? 'Fold groups' : 'Show all objects'}
        </button>
      )}
      <div class="segmented" role="group" aria-label="View">
        {(['picture', 'list'] as const).map((tab) => (
          <button
            key={tab}
            type="button"
            aria-pressed={tab === query.tab}
            onClick={() => changeQuery({ tab: tab === 'list' ? 'list' : undefined })}
          >
            {tabs[tab]}
          </button>
        ))}
      </div>
    </>
  )
}

function Seen({ view, query }: { readonly view: TopologyView; readonly query: PageQuery }) {
  const { tab, node, opened, asked } = query
  const openedKey = opened === 'all' ? 'all' : [...opened].join()
  const graph = useMemo(() => shownGraph(view, opened), [view, openedKey])
  const { route, error } = useRoute(asked, view.at)
  const shown = graph.nodes.find(({ id }) => id === node) ?? single(view, node)
  const inPicture = node === undefined ? undefined : (graph.shownIn.get(node) ?? node)
  return (
    <>
      <StateBanner view={view} />
      {view.unseen !== undefined && <UnseenBanner unseen={view.unseen} />}
      <KeyFinder {...{ view, asked, route, error }} />
      <div class={shown === undefined ? 'topo-split' : 'topo-split with-panel'}>
        <section class="card topo-main" aria-label={tabs[tab]}>
          {tab === 'picture' ? (
            <Picture
              graph={graph}
              rates={view.rates}
              chosen={inPicture}
              way={route === undefined ? undefined : focusOnRoute(route, graph)}
              onChoose={choose}
            />
          ) : (
            <TopologyList
              {...{ view, chosen: node, onChoose: choose }}
              only={place.value.query.get('only') === 'differences' ? 'differences' : undefined}
              onOnly={(only) => changeQuery({ only })}
            />
          )}
        </section>
        {shown !== undefined && (
          <NodePanel {...{ shown, view, onChoose: choose }} onOpen={(family) => toggleFold(opened, family)} />
        )}
      </div>
    </>
  )
}

/** One that is folded in the picture can be chosen all the same. */
function single(view: TopologyView, id: string | undefined) {
  return shownGraph(view, 'all').nodes.find((each) => each.id === id)
}
