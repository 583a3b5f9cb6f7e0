import { parseJson } from '../../../shared/messages/body'
import { textOf, unsigned, wordOf, type SignedRequest, type Verdict } from './scheme'
import { base64Digest, isSigned } from './signature'
import { textMember } from './text-member'
import { isTimestamp, outsideWindow } from './window'

/**
 * Standard Webhooks (standardwebhooks.com): `webhook-signature: v1,BASE64 …` is over `ID.SECONDS.BODY`, of which the first
 * two are the headers `webhook-id` and `webhook-timestamp`. Versions but `v1` are passed over.
 */
export function verifyStandard({ headers, body, secrets, nowMs }: SignedRequest): Verdict {
  const id = wordOf(headers, 'webhook-id')
  if (id === undefined) return unsigned('webhook-id is missing or not one word')
  const timestamp = textOf(headers, 'webhook-timestamp')
  if (!isTimestamp(timestamp)) return unsigned('webhook-timestamp is missing or has another form')
  const signatures = readSignatures(textOf(headers, 'webhook-signature'))
  if (signatures.length === 0) return unsigned('webhook-signature is missing or has another form')
  if (!isSigned({ text: [`${id}.${timestamp}.`, body], secrets, signatures }))
    return unsigned('no secret fits the signature')
  return outsideWindow(timestamp, nowMs) ?? told(id, body)
}

const versioned = /^v\d[^,]*,[^,]+$/

/** None where an item has no version, or a comma at its end: then the header came twice. */
function readSignatures(text: string): readonly Buffer[] {
  const items = text.split(' ')
  if (!items.every((item) => versioned.test(item))) return []
  return items.flatMap((item) => (item.startsWith('v1,') ? (base64Digest(item.slice('v1,'.length)) ?? []) : []))
}

function told(id: string, body: Buffer): Verdict {
  const parsed = parseJson(body)
  if (parsed.kind === 'unreadable') return parsed
  return { kind: 'delivered', event: textMember(parsed.data, 'type') ?? 'event', deliveryId: id, messageKey: id }
}
