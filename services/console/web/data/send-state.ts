import { Refusal } from './api'

/** How far the sending of several is. */
export interface Progress {
  readonly done: number
  readonly all: number
  readonly outcomes: Readonly<Record<string, number>>
  /** Of the first that was refused. */
  readonly refusal: string | undefined
  readonly ids: readonly string[]
}

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
