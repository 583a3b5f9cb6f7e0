import type { FaultName } from '../views/faults'

interface Words {
  readonly title: string
  readonly what: string
  /** What it brings about, for a person to agree to: missing where it reaches no further than a connection. */
  readonly agree?: string
}

export const wordsOf: Readonly<Record<FaultName, Words>> = {
  'drop-link': { title: 'Drop link', what: 'All connections to the broker are reset, without a goodbye.' },
  'close-channel': {
    title: 'Close channel',
    what: 'The broker closes every channel for an error; the connections stay.',
  },
  'block-memory': {
    title: 'Block memory',
    what: 'The broker takes no publishes for 10 seconds, as if its memory were full.',
    agree:
      'For 10 seconds the broker takes nothing from anybody who publishes. It ends that by itself, also when this console dies meanwhile.',
  },
  poison: {
    title: 'Poison',
    what: 'A message that no handler can read comes past all checks, as from a foreign client.',
  },
  hang: { title: 'Hang', what: 'One handler does not return until after its time limit, and heeds no signal.' },
  duplicate: { title: 'Duplicate', what: 'One message comes five times with the same id.' },
  kill: {
    title: 'Kill',
    what: 'The process gets a SIGKILL in the middle of its work; npm start starts it again.',
    agree: 'The process ends at once, with all that it has in hand. npm start starts it again within seconds.',
  },
}
