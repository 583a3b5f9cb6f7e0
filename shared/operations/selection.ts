import type { DeadLetter } from '../messaging/dead-letters'

/** Which dead letters of a group are meant. */
export type Selection =
  | { readonly by: 'ids'; readonly ids: readonly string[] }
  /** Those to which everything given applies. */
  | { readonly by: 'facts'; readonly reason: string | undefined; readonly type: string | undefined }
  | { readonly by: 'all' }

export function isSelected(selection: Selection, letter: DeadLetter): boolean {
  switch (selection.by) {
    case 'ids':
      return letter.id !== undefined && selection.ids.includes(letter.id)
    case 'facts':
      return isOr(selection.reason, letter.reason) && isOr(selection.type, letter.type)
    case 'all':
      return true
  }
}

function isOr(wanted: string | undefined, found: string | undefined): boolean {
  return wanted === undefined || wanted === found
}
