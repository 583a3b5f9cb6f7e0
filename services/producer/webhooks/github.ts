import { createHash } from 'node:crypto'
import { textOf, unsigned, wordOf, type Verdict, type SignedRequest } from './scheme'
import { hexDigest, isSigned } from './signature'

const prefix = 'sha256='

/**
 * GitHub: `X-Hub-Signature-256` is over the body alone. There is no time in it, and neither the event's name nor the
 * delivery's id is signed, so that whoever has seen a request could send its body again under another id, for ever.
 * So the body itself is the message's key: it is the same message, whatever stands beside it. Not its HMAC, which would be
 * another one once the secret is changed.
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
  return { kind: 'delivered', event, deliveryId, messageKey: createHash('sha256').update(body).digest('hex') }
}

function missing(pointer: string, header: string): Verdict {
  return { kind: 'incomplete', pointer, detail: `the header ${header} is missing or not one word` }
}
