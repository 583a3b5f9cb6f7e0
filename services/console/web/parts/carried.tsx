import { count } from '../data/format'
import type { KnownContent } from '../../views/content'
import type { Status } from '../data/status'
import { useContent } from '../data/use-content'
import { hrefTo } from '../router'
import { Banner } from './banner'
import { Body } from './body'
import { Icon } from './icon'

const longestLink = 4_000

/** What a message carried, and the way to send it again. */
export function Carried({ status }: { readonly status: Status }) {
  const content = useContent(status)
  if (content === undefined) return null
  if (content.state === 'kept') return <Kept content={content} status={status} />
  return (
    <section class="card stack">
      <h2>What it carried</h2>
      <p class="hint">
        {content.state === 'left out'
          ? `${count(content.bytes)} bytes, which the journal did not take: ${content.because ?? ''}.`
          : content.because}
      </p>
      {content.state === 'left out' && <Attributes content={content} />}
    </section>
  )
}

function Kept({ content, status }: { readonly content: KnownContent; readonly status: Status }) {
  const { text = '', bytes, redacted, findings, contentType } = content
  return (
    <>
      <Body
        title="What it carried"
        hint={`${count(bytes)} bytes${contentType === undefined ? '' : ` of ${contentType}`}`}
        text={text}
        bytes={new TextEncoder().encode(text)}
        data={text}
        wrongs={findings}
        actions={
          <>
            {canBeExplained(content) && (
              <a class="button small" href={hrefOfRoute(status, content)}>
                <Icon name="route" />
                Explain its way
              </a>
            )}
            <a class="button small" href={hrefTo(['send', status.type], { from: status.id, source: status.source })}>
              <Icon name="again" />
              Edit and send again
            </a>
          </>
        }
      />
      {redacted.length > 0 && (
        <Banner tone="wait">
          <span>
            The journal never had {redacted.length === 1 ? 'the value' : 'the values'} at {redacted.join(', ')}.
          </span>
        </Banner>
      )}
      <Attributes content={content} />
    </>
  )
}

function hrefOfRoute({ type, source }: Status, { text, attributes }: KnownContent): string {
  return hrefTo(['routes', 'explain'], { ...attributes, type, source, data: text })
}

/** Too much of it is no link, and with a mark in place of a value it would be another event. */
function canBeExplained({ text = '', redacted }: KnownContent): boolean {
  return text.length <= longestLink && redacted.length === 0
}

function Attributes({ content: { attributes, time } }: { readonly content: KnownContent }) {
  const all = [...(time === undefined ? [] : [['time', time] as const]), ...Object.entries(attributes)]
  if (all.length === 0) return null
  return (
    <section class="card">
      <header>
        <h2>Attributes</h2>
        <span class="hint">of the CloudEvent, as it came in</span>
      </header>
      <dl class="facts fields">
        {all.map(([name, value]) => (
          <>
            <dt key={name} class="mono">
              {name}
            </dt>
            <dd class="mono">{value}</dd>
          </>
        ))}
      </dl>
    </section>
  )
}
