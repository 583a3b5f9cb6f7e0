import type { TrialState } from '../../../views/faults'
import type { IconName } from '../../parts/icon'
import type { Tone } from '../../parts/state'

interface Look {
  readonly tone: Tone
  readonly icon: IconName
  readonly says: string
}

export const stateLooks: Readonly<Record<TrialState, Look>> = {
  sending: { tone: 'work', icon: 'play', says: 'sending' },
  settling: { tone: 'wait', icon: 'hourglass', says: 'waiting for ends' },
  ended: { tone: 'plain', icon: 'check', says: 'ended' },
  cancelled: { tone: 'plain', icon: 'cross', says: 'cancelled' },
  failed: { tone: 'bad', icon: 'cross', says: 'failed' },
}

/** `3.0 s`: moments of a trial, all with one digit so that they stand below each other. */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}
