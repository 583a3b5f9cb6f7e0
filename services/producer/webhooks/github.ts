import { createHash } from 'node:crypto'
import { textOf, unsigned, wordOf, type Verdict, type SignedRequest } from './scheme'
import { hexDigest, isSigned } from './signature'

const prefix = 'sha256='

/**
 * GitHub: `X-Hub-Signature-256` is over the body alone. There is no time in it, and neither the event's name nor the
 * delivery's id is signed. The id and the body together are the message's key, as GitHub advises: one request that comes
 * again is the same message. The body alone would be a key that nobody could get around by another id, but two events may
 * have equal bodies, such as of one who joins a team twice, and the second would be lost. Not the HMAC, which is another
 * one once the secret is changed.
 */
export function verifyGithub({ headers, body, secrets }: SignedRequest): Verdict {
  const header = textOf(headers, 'x-hub-signature-256')
  const signature = header.startsWith(prefix) ? hexDigest(header.slice(prefix.length)) : undefined
  if (signature === undefined) return unsigned('X-Hub-Signature-256 is missing or has another form')
  if (!isSigned({ text: [body], secrets, signatures: [signature] })) return unsigned('no secret fits the signature')
  const event = wordOf(headers, 'x-github-event')
  if (event === undefined) return missing('/event', 'X-GitHub-Event')
  const deliveryId = wordOf(headers, 'x-github-delivery')
  if (deliveryId === undefined) return missing('/deliveryId', 'X-GitHub-Delivery')
  return { kind: 'delivered', event, deliveryId, messageKey: keyOf(deliveryId, body) }
}

function keyOf(deliveryId: string, body: Buffer): string {
  return createHash('sha256').update(`${deliveryId} `).update(body).digest('hex')
}

function missing(pointer: string, header: string): Verdict {
  return { kind: 'incomplete', pointer, detail: `the header ${header} is missing or not one word` }
}
