import { useState } from 'preact/hooks'
import type { RoutesView, WhatIfView } from '../../views/routes'
import { postJson } from '../data/api'
import { Banner, ErrorBanner } from '../parts/banner'
import { Outcome } from './outcome'
import { PutInEffect } from './put-in-effect'
import { RulesEditor } from './rules-editor'
import { useAnswer, type Answer } from './use-answer'
import { draft } from './use-routes'

/** What came of a text that was tried; nothing yet where neither a value nor an error is there. */
interface Trial extends Answer<WhatIfView> {
  readonly of: string
}

/** Other rules are written, held against past messages, and taken away as a file. Nothing is changed by it. */
export function WhatIf({ view: { file, example } }: { readonly view: RoutesView }) {
  const usual = file.state === 'none' ? example : file.text
  const text = draft.value ?? usual
  const checked = useAnswer<WhatIfView>('routes/what-if', { routes: text, last: 0 }, file.hash)
  const [trial, setTrial] = useState<Trial | undefined>(undefined)
  const tryOut = async (asked: object) => {
    setTrial({ of: text })
    try {
      const answer = await postJson('routes/what-if', { routes: text, ...asked })
      setTrial({ of: text, value: (await answer.json()) as WhatIfView })
    } catch (error) {
      setTrial({ of: text, error: error as Error })
    }
  }
  return (
    <div class="columns">
      <RulesEditor
        {...{ text, checked }}
        tryOut={(asked) => void tryOut(asked)}
        write={(next) => (draft.value = next === usual ? undefined : next)}
      />
      <div class="stack" aria-live="polite">
        {trial !== undefined && <Tried trial={trial} text={text} />}
        <PutInEffect text={text} name={file.name} />
      </div>
    </div>
  )
}

function Tried({ trial: { of, value, error }, text }: { readonly trial: Trial; readonly text: string }) {
  if (error !== undefined) return <ErrorBanner error={error} />
  if (value === undefined) return <p class="hint">Asking both about past messages…</p>
  return (
    <>
      {of !== text && <Banner tone="wait">The rules were changed since this was tried; try them again.</Banner>}
      <Outcome outcome={value} />
    </>
  )
}
