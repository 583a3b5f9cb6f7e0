import { plain } from './plain'
import type { Answer } from './ask-producer'

/** A problem as one line: its title, what became of the message, why, and what is wrong with the data. */
export function refusalOf({ status, body }: Answer): string {
  const { title, detail, outcome, id } = body as Partial<Record<'title' | 'detail' | 'outcome' | 'id', string>>
  const state = outcome === undefined ? '' : ` (outcome ${outcome}, id ${id})`
  const why = [...(detail === undefined ? [] : [detail]), ...mistakesIn(body)].join('; ')
  return plain(`${status} ${title ?? 'refused'}${state}${why === '' ? '' : `: ${why}`}`)
}

/** What is wrong with the data, each with its JSON Pointer. */
function mistakesIn({ errors }: Answer['body']): readonly string[] {
  if (!Array.isArray(errors)) return []
  return (errors as readonly { pointer?: string; detail?: string }[]).map(
    ({ pointer, detail }) => `${pointer || '/'} ${detail}`,
  )
}
