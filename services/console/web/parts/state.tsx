import { Icon, type IconName } from './icon'

export type Tone = 'good' | 'wait' | 'bad' | 'work' | 'kept' | 'plain'

interface Look {
  readonly tone: Tone
  readonly icon: IconName
}

/** A shape and a colour for each step and state: the colour is never alone. */
const looks: Readonly<Record<string, Look>> = {
  accepted: { tone: 'plain', icon: 'in' },
  stored: { tone: 'kept', icon: 'box' },
  published: { tone: 'plain', icon: 'send' },
  routed: { tone: 'work', icon: 'route' },
  unrouted: { tone: 'kept', icon: 'box' },
  dropped: { tone: 'plain', icon: 'skip' },
  delayed: { tone: 'wait', icon: 'hourglass' },
  delivered: { tone: 'work', icon: 'play' },
  failed: { tone: 'bad', icon: 'cross' },
  waiting: { tone: 'wait', icon: 'clock' },
  processed: { tone: 'good', icon: 'check' },
  filtered: { tone: 'plain', icon: 'skip' },
  dead: { tone: 'bad', icon: 'dead' },
  replayed: { tone: 'work', icon: 'again' },
  discarded: { tone: 'plain', icon: 'trash' },
  cancelled: { tone: 'plain', icon: 'cross' },
  ready: { tone: 'good', icon: 'check' },
  degraded: { tone: 'wait', icon: 'dead' },
  not_ready: { tone: 'bad', icon: 'cross' },
  away: { tone: 'bad', icon: 'cross' },
  unknown: { tone: 'plain', icon: 'dot' },
}

export function lookOf(state: string): Look {
  return looks[state] ?? { tone: 'plain', icon: 'dot' }
}

export function StateBadge({ state }: { readonly state: string }) {
  const { tone, icon } = lookOf(state)
  return (
    <span class={`badge ${tone}`}>
      <Icon name={icon} />
      {state.replace('_', ' ')}
    </span>
  )
}
