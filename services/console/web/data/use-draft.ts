import { useEffect, useState } from 'preact/hooks'
import type { ContractView } from '../../views/contract'
import { place } from '../router'
import { getJson } from './api'
import { draftOf, type Draft } from './sent-before'
import type { Status } from './status'
import { contentOf } from './use-content'

export type Drafted =
  | { readonly state: 'nothing to draft' | 'reading' }
  | { readonly state: 'here'; readonly draft: Draft; readonly id: string }
  /** `because` in whole sentences. */
  | { readonly state: 'unknown'; readonly because: string }

/** A link may name a message that is to be sent again: `#/send/TYPE?from=ID&source=…`. */
export function useDraft(contract: ContractView | undefined): Drafted {
  const { query } = place.value
  const [id, source] = [query.get('from'), query.get('source') ?? '']
  const [drafted, setDrafted] = useState<Drafted>({ state: 'reading' })
  useEffect(() => {
    if (contract === undefined || id === null) return
    const ended = new AbortController()
    setDrafted({ state: 'reading' })
    readDraft({ id, source }, contract, ended.signal).then(setDrafted, (error: Error) => {
      if (!ended.signal.aborted) setDrafted({ state: 'unknown', because: `It cannot be read: ${error.message}.` })
    })
    return () => ended.abort()
  }, [contract?.name, id, source])
  return id === null ? { state: 'nothing to draft' } : drafted
}

async function readDraft(
  { id, source }: Pick<Status, 'id' | 'source'>,
  contract: ContractView,
  signal: AbortSignal,
): Promise<Drafted> {
  const content = await contentOf({ id, source }, signal)
  if (content.state === 'unknown') return content
  const status = await getJson<Status>(
    `messages/${encodeURIComponent(id)}?source=${encodeURIComponent(source)}`,
    signal,
  )
  const draft = draftOf({ id, correlationId: status.correlationId }, content, contract)
  if (draft === undefined)
    return { state: 'unknown', because: `Its data cannot be had: ${content.because ?? 'it is no JSON'}.` }
  return { state: 'here', draft, id }
}
