import type { IncomingHttpHeaders } from 'node:http'

/** A request that says it comes from a provider. */
export interface SignedRequest {
  readonly headers: IncomingHttpHeaders
  /** As it came: signatures are over the very bytes. */
  readonly body: Buffer
  /** The keys that may have signed it; several while one replaces another. */
  readonly secrets: readonly Buffer[]
  /** Milliseconds since 1970. */
  readonly nowMs: number
}

/** What a provider tells, once it is known to be the provider. */
export interface Delivery {
  readonly kind: 'delivered'
  /** The provider's name of the event. */
  readonly event: string
  readonly deliveryId: string
  /** Requests with the same key tell the same, so that they are one message. */
  readonly messageKey: string
}

/** Nothing proves that the provider sent this, or that it sent it now. */
export interface Refusal {
  readonly kind: 'refused'
  /** For the log alone; without the signature. */
  readonly why: string
  /** For the caller: the same for every signature that is missing or wrong. */
  readonly detail: string
}

/** The provider sent it, but it cannot become a message. */
export type Unusable =
  | { readonly kind: 'unreadable'; readonly detail: string }
  /** `pointer` names the place in the message's data that stays empty. */
  | { readonly kind: 'incomplete'; readonly pointer: string; readonly detail: string }

export type Verdict = Delivery | Refusal | Unusable

/** How a provider signs: from a request alone to what was delivered, or why it is not taken. */
export type Verify = (request: SignedRequest) => Verdict

/** A signature that is missing, has another form or matches no secret. */
export function unsigned(why: string): Refusal {
  return { kind: 'refused', why, detail: 'the request bears no valid signature' }
}

/** The signature is right, but no longer or not yet. */
export function untimely(why: string): Refusal {
  return { kind: 'refused', why, detail: why }
}

/** A header with one value without spaces and commas; Node joins the values of a header that comes twice by a comma. */
export function wordOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  return /^[^\s,]+$/.exec(textOf(headers, name))?.[0]
}

/** A header's text; empty where it is missing. */
export function textOf(headers: IncomingHttpHeaders, name: string): string {
  return String(headers[name] ?? '')
}
