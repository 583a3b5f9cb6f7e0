import { Refusal } from './api'
import type { Progress } from './send-many'

/** How far a sending is, or what came of it; undefined before the first. */
export type SendState =
  | undefined
  | { readonly kind: 'sending'; readonly progress: Progress | undefined; readonly stop: () => void }
  | { readonly kind: 'one'; readonly id: string; readonly outcome: string }
  | { readonly kind: 'many'; readonly progress: Progress }
  | { readonly kind: 'refused'; readonly error: Error }

/** What is wrong with the data, as the producer says it. */
export function refusedFields(error: Error): readonly { readonly pointer: string; readonly detail: string }[] {
  const errors = error instanceof Refusal ? error.problem['errors'] : undefined
  return Array.isArray(errors) ? (errors as { pointer: string; detail: string }[]) : []
}
