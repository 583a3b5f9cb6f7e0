import { useEffect, useState } from 'preact/hooks'
import type { KeyRoute, TopologyView } from '../../views/topology'
import { plainName } from './names'
import { changeQuery } from './page-query'
import { askForRoute, type AskedKey } from './use-topology'
import { pathWords } from './words'

const pauseMs = 250

/** The way of the key that is asked for, again whenever the topology was looked at. */
export function useRoute(asked: AskedKey | undefined, lookedAt: number | undefined) {
  const [answer, setAnswer] = useState<{ readonly route?: KeyRoute; readonly error?: Error }>({})
  useEffect(() => {
    if (asked === undefined || lookedAt === undefined) return setAnswer({})
    const end = new AbortController()
    const timer = setTimeout(() => {
      askForRoute(asked, end.signal).then(
        (route) => setAnswer({ route }),
        (error: unknown) => end.signal.aborted || setAnswer({ error: error as Error }),
      )
    }, pauseMs)
    return () => (clearTimeout(timer), end.abort())
  }, [asked?.exchange, asked?.key, lookedAt])
  return asked === undefined ? {} : answer
}

interface KeyFinderProps {
  readonly view: TopologyView
  readonly asked: AskedKey | undefined
  readonly route: KeyRoute | undefined
  readonly error: Error | undefined
}

/** Where would a message go? A message type is chosen, or an exchange and a key. */
export function KeyFinder({ view, asked, route, error }: KeyFinderProps) {
  const { sources, nodes, namespace } = view
  const exchanges = nodes.filter(({ kind, state }) => kind === 'exchange' && state !== 'outside')
  const ask = (exchange: string, key: string) => changeQuery({ exchange, key })
  const first = sources[0]?.exchange ?? exchanges[0]?.name ?? ''
  return (
    <section class="card topo-finder" aria-label="Where would a message go?">
      <div class="topo-ask">
        <TypeChoice {...{ sources, asked, ask }} />
        <label>
          <span>Exchange</span>
          <select
            value={asked?.exchange ?? first}
            onChange={(event) => ask(event.currentTarget.value, asked?.key ?? '')}
          >
            {exchanges.map(({ name }) => (
              <option key={name} value={name}>
                {plainName(name, namespace)}
              </option>
            ))}
            <option value="">the nameless exchange</option>
          </select>
        </label>
        <label class="wide">
          <span>Routing key</span>
          <input
            type="text"
            spellcheck={false}
            autocomplete="off"
            placeholder="order.placed"
            value={asked?.key ?? ''}
            onInput={(event) => ask(asked?.exchange ?? first, event.currentTarget.value)}
          />
        </label>
        {asked !== undefined && (
          <button type="button" class="button" onClick={() => changeQuery({ exchange: undefined, key: undefined })}>
            Clear
          </button>
        )}
      </div>
      <p role="status" class={route?.lost === undefined ? '' : 'topo-lost'}>
        {error !== undefined ? error.message : route === undefined ? '' : pathWords(route, namespace)}
      </p>
    </section>
  )
}

interface TypeChoiceProps extends Pick<KeyFinderProps, 'asked'> {
  readonly sources: TopologyView['sources']
  readonly ask: (exchange: string, key: string) => void
}

function TypeChoice({ sources, asked, ask }: TypeChoiceProps) {
  const known = sources.find(({ exchange, routingKey }) => exchange === asked?.exchange && routingKey === asked.key)
  return (
    <label>
      <span>Where would it go?</span>
      <select
        value={known?.type ?? ''}
        onChange={({ currentTarget }) => {
          const source = sources.find(({ type }) => type === currentTarget.value)
          if (source === undefined) changeQuery({ exchange: undefined, key: undefined })
          else ask(source.exchange, source.routingKey)
        }}
      >
        <option value="">{asked === undefined ? 'choose a message type' : 'another key'}</option>
        {sources.map(({ type }) => (
          <option key={type} value={type}>
            {type}
          </option>
        ))}
      </select>
    </label>
  )
}
