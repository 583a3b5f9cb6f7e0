import type { Drafted } from '../data/use-draft'
import { hrefTo } from '../router'
import { Banner } from './banner'

/** What a form begins with that was opened to send a message again. */
export function DraftBanner({ drafted }: { readonly drafted: Drafted }) {
  if (drafted.state === 'unknown')
    return (
      <Banner tone="wait">
        <span>{drafted.because} The form begins with an example.</span>
      </Banner>
    )
  if (drafted.state !== 'here') return null
  const { draft, id } = drafted
  return (
    <Banner tone={draft.missing.length > 0 ? 'wait' : 'good'}>
      <span>
        As <a href={hrefTo(['messages', id])}>{id}</a> was sent. It goes as a new message that follows from it, to every
        group that takes its type.
        {draft.missing.length > 0 && ` Fill in what the journal never had: ${draft.missing.join(', ')}.`}
      </span>
    </Banner>
  )
}
