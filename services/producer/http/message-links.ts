import { isKey } from '../../../shared/journal/key'

export interface MessageLinks {
  /** Where the message's state is. */
  readonly self: string
}

/** Of a message by its id, and by its source where that is not the producer's own. */
export function linksOf(
  { id, source }: { readonly id: string; readonly source: string },
  ownSource: string,
): MessageLinks {
  const self = `/messages/${encoded(id)}`
  // What is longer is in no journal, and would make a header that many do not take.
  const isNamed = source !== ownSource && isKey(source)
  return { self: isNamed ? `${self}?source=${encoded(source)}` : self }
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}
