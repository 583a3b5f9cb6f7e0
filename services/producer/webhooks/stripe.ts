import { parseJson } from '../../../shared/messages/body'
import { textOf, unsigned, type SignedRequest, type Verdict } from './scheme'
import { hexDigest, isSigned } from './signature'
import { textMember } from './text-member'
import { isTimestamp, outsideWindow } from './window'

/** Stripe: `Stripe-Signature: t=SECONDS,v1=HEX` is over `SECONDS.BODY`; several `v1` while Stripe rolls a secret. */
export function verifyStripe({ headers, body, secrets, nowMs }: SignedRequest): Verdict {
  const header = readHeader(textOf(headers, 'stripe-signature'))
  if (header === undefined) return unsigned('Stripe-Signature is missing or has another form')
  const { timestamp, signatures } = header
  if (!isSigned({ text: [`${timestamp}.`, body], secrets, signatures })) return unsigned('no secret fits the signature')
  return outsideWindow(timestamp, nowMs) ?? told(body)
}

interface StripeSignature {
  readonly timestamp: string
  readonly signatures: readonly Buffer[]
}

function readHeader(text: string): StripeSignature | undefined {
  const items = text.split(',').map((item) => item.trim())
  const valuesOf = (name: string) => items.flatMap((item) => (item.startsWith(name) ? [item.slice(name.length)] : []))
  // A second time would come from a second header, and nobody could say which of them is meant.
  const [timestamp, ...others] = valuesOf('t=')
  const signatures = valuesOf('v1=').flatMap((hex) => hexDigest(hex) ?? [])
  if (timestamp === undefined || !isTimestamp(timestamp) || others.length > 0 || signatures.length === 0)
    return undefined
  return { timestamp, signatures }
}

function told(body: Buffer): Verdict {
  const parsed = parseJson(body)
  if (parsed.kind === 'unreadable') return parsed
  const event = textMember(parsed.data, 'type')
  if (event === undefined) return missing('/event', 'type')
  const deliveryId = textMember(parsed.data, 'id')
  if (deliveryId === undefined) return missing('/deliveryId', 'id')
  return { kind: 'delivered', event, deliveryId, messageKey: deliveryId }
}

function missing(pointer: string, member: string): Verdict {
  return { kind: 'incomplete', pointer, detail: `the body has no text "${member}"` }
}
