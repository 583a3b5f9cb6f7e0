import { computed, type ReadonlySignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { askRights, rights } from './data/access'
import { count } from './data/format'
import { hasKey, keyWanted } from './data/key'
import { isShortcut, letterKeys } from './data/letter-keys'
import { link, restart, system } from './data/live'
import { chooseTheme, theme, type Theme } from './data/theme'
import { Contracts } from './pages/contracts'
import { Message } from './pages/message'
import { NotFound } from './pages/not-found'
import { Overview } from './pages/overview'
import { Send } from './pages/send'
import { Timeline } from './pages/timeline'
import { Banner } from './parts/banner'
import { Icon, type IconName } from './parts/icon'
import { later } from './parts/later'
import { AskForKey } from './parts/ask-for-key'
import { Shortcuts } from './parts/shortcuts'
import { StateBadge } from './parts/state'
import { go, hrefTo, place } from './router'

interface Page {
  readonly name: string
  readonly title: string
  readonly icon: IconName
  /** A letter that goes there, after `g`. */
  readonly letter: string
  readonly show: (parts: readonly string[]) => ComponentChildren
  /** What stands beside the title; nothing where there is none. */
  readonly count?: ReadonlySignal<number>
}

const dead = computed(() => system.value?.broker.groups.reduce((sum, group) => sum + group.dead, 0) ?? 0)
const DeadLetters = later(async () => (await import('./pages/dead-letters')).DeadLetters)
const Faults = later(async () => (await import('./pages/faults')).Faults)
const Topology = later(async () => (await import('./pages/topology')).Topology)
const Routes = later(async () => (await import('./pages/routes')).Routes)

const pages: readonly Page[] = [
  { name: '', title: 'Overview', icon: 'overview', letter: 'o', show: () => <Overview /> },
  { name: 'topology', title: 'Topology', icon: 'topology', letter: 'p', show: () => <Topology /> },
  { name: 'routes', title: 'Routes', icon: 'route', letter: 'r', show: (parts) => <Routes parts={parts} /> },
  { name: 'timeline', title: 'Timeline', icon: 'timeline', letter: 't', show: () => <Timeline /> },
  {
    name: 'dead-letters',
    title: 'Dead letters',
    icon: 'dead',
    letter: 'd',
    show: (parts) => <DeadLetters parts={parts} />,
    count: dead,
  },
  { name: 'send', title: 'Send', icon: 'send', letter: 's', show: ([, type]) => <Send type={type} /> },
  {
    name: 'contracts',
    title: 'Contracts',
    icon: 'contracts',
    letter: 'c',
    show: ([, type]) => <Contracts type={type} />,
  },
  {
    name: 'faults',
    title: 'Faults',
    icon: 'faults',
    letter: 'f',
    show: (parts) => <Faults parts={parts} />,
  },
]
/** Those in the navigation: what nobody can do here is no place to go to. */
const offered = computed(() => pages.filter(({ name }) => name !== 'faults' || system.value?.faults === 'on'))

export function App() {
  const { parts } = place.value
  const page = pages.find(({ name }) => name === (parts[0] ?? ''))
  const [help, showHelp] = useState(false)
  useShortcuts(() => showHelp(true))
  useEffect(askRights, [])
  useEffect(() => {
    document.title = `${page?.title ?? parts[0] ?? 'Nothing'} · Handoff`
    document.querySelector('.side [aria-current]')?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
    // By now somebody may have begun to write in the line at the top.
    if (document.activeElement?.matches('input, textarea, select') !== true)
      document.querySelector('main')?.focus({ preventScroll: true })
  }, [parts.join('/')])
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={skipToMain}>
        Skip to the page
      </a>
      <Side current={parts[0] ?? ''} />
      <Top showKeys={() => showHelp(true)} />
      <main id="main" tabIndex={-1}>
        <LinkBanner />
        {parts[0] === 'messages' ? <Message id={parts[1] ?? ''} /> : (page?.show(parts) ?? <NotFound />)}
      </main>
      {keyWanted.value !== undefined && <AskForKey why={keyWanted.value} />}
      {help && <Shortcuts pages={offered.value} close={() => showHelp(false)} />}
    </div>
  )
}

function skipToMain(event: Event): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

function Side({ current }: { readonly current: string }) {
  return (
    <nav class="side" aria-label="Pages">
      <a class="brand" href={hrefTo([])}>
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="8" fill="#4f46e5" />
          <path
            d="M7 11h11l-3.5-3.5M25 21H14l3.5 3.5"
            fill="none"
            stroke="#fff"
            stroke-width="2.6"
            stroke-linecap="round"
            stroke-linejoin="round"
          />
        </svg>
        Handoff
      </a>
      <ul class="pages">
        {offered.value.map(({ name, title, icon, count: beside }) => (
          <li key={name}>
            <a href={hrefTo(name === '' ? [] : [name])} {...(name === current && { 'aria-current': 'page' as const })}>
              <Icon name={icon} />
              {title}
              {beside !== undefined && beside.value > 0 && (
                <span class="count badge bad">
                  {count(beside.value)}
                  <span class="visually-hidden"> wait</span>
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
      <div class="foot">
        {/* A link can send no key. */}
        {!hasKey.value && <a href="docs/">HTTP API of the console</a>}
        {letterKeys.value === 'on' && (
          <span>
            <kbd>?</kbd> shows the keys
          </span>
        )}
      </div>
    </nav>
  )
}

function Top({ showKeys }: { readonly showKeys: () => void }) {
  return (
    <header class="top">
      <form
        class="find search"
        role="search"
        onSubmit={(event) => {
          event.preventDefault()
          const text = new FormData(event.currentTarget).get('text')
          event.currentTarget.querySelector('input')?.blur()
          if (typeof text === 'string') go(hrefTo(['timeline'], { filter: text.trim() }))
        }}
      >
        <input
          type="search"
          name="text"
          id="find"
          aria-label="Find messages by id, type, error, or a filter"
          placeholder="Find messages: an id, state:dead, type:order.*"
        />
        {letterKeys.value === 'on' && <kbd aria-hidden="true">/</kbd>}
      </form>
      <div class="health">
        {rights.value === 'look' && (
          <span class="badge plain" title="The key that you gave changes nothing.">
            <Icon name="eye" />
            may look only
          </span>
        )}
        <LiveBadge />
        <button type="button" class="button plain" aria-label="Keys" title="Keys" onClick={showKeys}>
          <Icon name="keys" />
        </button>
        <ThemeButton />
      </div>
    </header>
  )
}

const worst = computed(() => {
  const states = system.value?.services.map(({ state }) => state) ?? []
  return (['away', 'not_ready', 'degraded', 'unknown'] as const).find((state) => states.includes(state)) ?? 'ready'
})

function LiveBadge() {
  const { state } = link.value
  if (state !== 'live') {
    const words = { connecting: 'connecting', paused: 'paused', away: 'console away', refused: 'refused' }[state]
    return <span class="badge wait">{words}</span>
  }
  return (
    <a class="badge plain" href={hrefTo([])} aria-label={`The system is ${worst.value.replace('_', ' ')}`}>
      <StateBadge state={worst.value} />
    </a>
  )
}

const themes: readonly { readonly name: Theme; readonly icon: IconName }[] = [
  { name: 'system', icon: 'screen' },
  { name: 'light', icon: 'sun' },
  { name: 'dark', icon: 'moon' },
]

function ThemeButton() {
  const at = themes.findIndex(({ name }) => name === theme.value)
  const { name, icon } = themes[at] ?? { name: 'system', icon: 'screen' as const }
  const next = themes[(at + 1) % themes.length]?.name ?? 'system'
  return (
    <button
      type="button"
      class="button plain"
      aria-label={`Colours: ${name}. Change to ${next}`}
      title={`Colours: ${name}`}
      onClick={() => chooseTheme(next)}
    >
      <Icon name={icon} />
    </button>
  )
}

function LinkBanner() {
  const now = link.value
  // What is wrong with a filter is said where it is written.
  if (now.state === 'refused') return now.status === 422 ? null : <Refused {...now} />
  if (now.state !== 'away') return null
  return (
    <Banner tone="bad">
      <span>
        The console is not reached: {now.why}. What you see may be old; this page goes on by itself once it is back.
      </span>
      <button type="button" class="button small" onClick={restart}>
        Try now
      </button>
    </Banner>
  )
}

function Refused({ why, status }: { readonly why: string; readonly status: number }) {
  return (
    <Banner tone="bad">
      <span>The console refuses: {why}</span>
      {status === 401 && (
        <button type="button" class="button small" onClick={() => (keyWanted.value = why)}>
          Give a key
        </button>
      )}
    </Banner>
  )
}

/** `/` finds, `?` helps, `g` and a letter go to a page. */
function useShortcuts(help: () => void): void {
  useEffect(() => {
    let going = 0
    const onKey = (event: KeyboardEvent) => {
      if (!isShortcut(event) || document.querySelector('dialog[open]') !== null) return
      if (event.key === '/') {
        event.preventDefault()
        document.getElementById('find')?.focus()
      } else if (event.key === '?') help()
      else if (event.key === 'g') going = event.timeStamp
      else if (event.timeStamp - going < 1_500) {
        const page = offered.value.find(({ letter }) => letter === event.key)
        if (page !== undefined) go(hrefTo(page.name === '' ? [] : [page.name]))
        going = 0
      }
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}
