import type { TrialCounts, TrialVerdict, TrialView } from '../views/faults'
import { countsOf } from './counts'
import { isOpen } from './follow-stories'
import type { Followed, TrialRecord } from './trial-record'

/** The verdict on a trial that has ended by itself; undefined on any other. */
export function verdictOn(record: TrialRecord, gaps: TrialView['gaps']): TrialVerdict | undefined {
  if (record.state !== 'ended') return undefined
  if (record.unjudged !== undefined) return { outcome: 'unjudged', text: `It cannot be judged: ${record.unjudged}.` }
  const counts = countsOf(record)
  if (counts.open > 0) return { outcome: 'lost', text: lostText(counts, record) }
  const odd = [...oddities(record), ...(record.trouble === undefined ? [] : [record.trouble])]
  const kept = `Nothing is lost: ${endsText(counts)}. ${gapsText(gaps)}`.trim()
  if (odd.length === 0) return { outcome: 'kept', text: kept }
  return { outcome: 'odd', text: `${kept} But ${odd.join('; and ')}.` }
}

function lostText({ open, accepted }: TrialCounts, { followed, endedAtMs }: TrialRecord): string {
  const states = [...new Set(followed.filter(isOpen).map(({ story }) => story?.state ?? 'accepted'))]
  const after = `${Math.round((endedAtMs ?? 0) / 1_000)} s`
  return `${open} of ${accepted} accepted ${messages(accepted)} ${isAre(open)} lost: without an end after ${after}, last seen ${states.join(' or ')}.`
}

function endsText({ accepted, processed, absorbed, untold, dead, refused, unknown, givenUp }: TrialCounts): string {
  const parts = [
    `each of ${accepted} accepted ${messages(accepted)} came to its end, ${processed} processed`,
    ...(dead > 0 ? [`${dead} parked as dead ${dead === 1 ? 'letter' : 'letters'} with a reason`] : []),
    ...(absorbed > 0 ? [`${absorbed} of them delivered again without a second effect`] : []),
    ...(untold > 0
      ? [`${untold} of them by the word of the inbox, since a killed process could not tell the journal any more`]
      : []),
    ...(refused + unknown > 0 ? [`${refused} refused and ${unknown} unknown at first, repeated with their keys`] : []),
    ...(givenUp > 0 ? [`${givenUp} never accepted, as their caller was told`] : []),
  ]
  return parts.join(', ')
}

function gapsText({ accepted, processed }: TrialView['gaps']): string {
  if (accepted === undefined || processed === undefined) return ''
  return `After the fault the longest gap between two accepted messages was ${span(accepted.ms)}, between two processed ones ${span(processed.ms)}.`
}

/** What is not as the fault lets one expect, in half sentences. */
function oddities({ followed }: TrialRecord): readonly string[] {
  const of = (kind: Followed['kind'], is: (each: Followed) => boolean) =>
    followed.filter((each) => each.kind === kind && is(each)).length
  const deadProbes = of('probe', ({ story }) => story?.deadIn !== undefined)
  const twice = of('probe', isTwice) + of('duplicate', isTwice)
  const eaten = of('poison', ({ story }) => story?.deadIn === undefined)
  return [
    ...(deadProbes > 0 ? [`${deadProbes} good ${messages(deadProbes)} became dead letters`] : []),
    ...(twice > 0 ? [`${twice} ${messages(twice)} had ${twice === 1 ? 'its' : 'their'} effect more than once`] : []),
    ...(eaten > 0 ? ['the poisoned message was handled as if it were a good one'] : []),
  ]
}

function isTwice({ story }: Followed): boolean {
  return story !== undefined && story.applied > Math.max(1, story.groups)
}

const messages = (count: number) => (count === 1 ? 'message' : 'messages')
const isAre = (count: number) => (count === 1 ? 'is' : 'are')

function span(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`
}
