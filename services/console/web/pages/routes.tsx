import '../styles/routes.css'
import { useQuietStream } from '../data/quiet'
import { ErrorBanner } from '../parts/banner'
import { go, hrefTo } from '../router'
import { Explain } from '../routes/explain'
import { FileBanners } from '../routes/file-banners'
import { Rules } from '../routes/rules'
import { useRoutes } from '../routes/use-routes'
import { WhatIf } from '../routes/what-if'

const tabs = [
  { name: '', title: 'Rules', Shown: Rules },
  { name: 'explain', title: 'Explain', Shown: Explain },
  { name: 'what-if', title: 'What if', Shown: WhatIf },
] as const

/** `#/routes`, `#/routes/explain` and `#/routes/what-if`: which rules are in effect, where an event goes by them, and by others. */
export function Routes({ parts: [, tab] }: { readonly parts: readonly string[] }) {
  useQuietStream()
  const { view, error, again } = useRoutes()
  const shown = tabs.find(({ name }) => name === tab) ?? tabs[0]
  return (
    <>
      <header class="page-head">
        <h1>Routes</h1>
        <div class="actions">
          <div class="segmented" role="group" aria-label="View">
            {tabs.map((each) => (
              <button
                key={each.title}
                type="button"
                aria-pressed={each === shown}
                onClick={() => go(hrefTo(['routes', each.name].filter(Boolean)))}
              >
                {each.title}
              </button>
            ))}
          </div>
        </div>
        <p>Where messages go: what the routes file says when one is published, and what groups take.</p>
      </header>
      {error !== undefined && <ErrorBanner error={error} again={again} />}
      {view === undefined && error === undefined && <p class="hint">Reading…</p>}
      {view !== undefined && <FileBanners view={view} />}
      {view !== undefined && <shown.Shown view={view} />}
    </>
  )
}
