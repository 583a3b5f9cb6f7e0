import type { MinuteOfService, ServiceView } from '../../views/system'
import { now } from '../data/clock'
import { clockTime, duration } from '../data/format'
import { Formula } from './formula'
import { StateBadge } from './state'

const shownMinutes = 60
const minuteMs = 60_000

/** A service: whether it is ready, what it says is wrong, and how it has been. */
export function ServiceCard({ service }: { readonly service: ServiceView }) {
  const { name, url, state, since, checks, startedAt, availability } = service
  const wrong = checks.filter(({ ok }) => !ok)
  return (
    <div class="service">
      <div class="row-flex">
        <h3>{name}</h3>
        <StateBadge state={state} />
        <span class="hint">
          for {duration(Math.max(0, now.value - since))}
          {startedAt !== undefined && `, process started ${duration(Math.max(0, now.value - startedAt))} ago`}
        </span>
      </div>
      {state === 'away' && <p class="hint">Nothing answers at {url}. Is it running?</p>}
      {wrong.length > 0 && (
        <ul class="checks">
          {wrong.map((check) => (
            <li key={check.name}>
              <strong>{check.name}</strong>: {check.detail}
            </li>
          ))}
        </ul>
      )}
      <Strip minutes={availability} />
    </div>
  )
}

/** A cell for each of the last minutes. */
function Strip({ minutes }: { readonly minutes: readonly MinuteOfService[] }) {
  const byMinute = new Map(minutes.map((minute) => [minute.at, minute]))
  const last = Math.floor(now.value / minuteMs) * minuteMs
  const cells = Array.from({ length: shownMinutes }, (_, at) => last - (shownMinutes - 1 - at) * minuteMs)
  const seen = cells.flatMap((at) => byMinute.get(at) ?? [])
  const looks = seen.reduce((sum, minute) => sum + minute.looks, 0)
  const ready = seen.reduce((sum, minute) => sum + minute.ready, 0)
  const percent = looks === 0 ? undefined : (100 * ready) / looks
  const words = percent === undefined ? 'not looked at yet' : `${Number(percent.toFixed(2))} % ready`
  return (
    <div class="stack" style={{ gap: '0.25rem' }}>
      <div class="strip" role="img" aria-label={`The last hour, a cell for each minute: ${words} of ${looks} looks`}>
        {cells.map((at) => (
          <span key={at} class={classOf(byMinute.get(at))} title={titleOf(at, byMinute.get(at))} />
        ))}
      </div>
      <div class="row-flex hint" style={{ justifyContent: 'space-between' }}>
        <span>an hour ago</span>
        <span class="row-flex" style={{ gap: '0.2rem' }}>
          {words} <Formula of="available" />
        </span>
        <span>now</span>
      </div>
    </div>
  )
}

function classOf(minute: MinuteOfService | undefined): string {
  if (minute === undefined) return ''
  if (minute.ready === minute.looks) return 'up'
  return minute.ready === 0 ? 'down' : 'part'
}

function titleOf(at: number, minute: MinuteOfService | undefined): string {
  const time = clockTime(at).slice(0, 5)
  return minute === undefined ? `${time}: not looked at` : `${time}: ready in ${minute.ready} of ${minute.looks} looks`
}
