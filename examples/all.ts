import type { Example } from './example'
import { anotherLanguage } from './another-language/main'
import { publishSubscribe } from './publish-subscribe/main'
import { requestReply } from './request-reply/main'
import { saga } from './saga/main'
import { scheduledReminder } from './scheduled-reminder/main'
import { webhookFanOut } from './webhook-fan-out/main'
import { workQueue } from './work-queue/main'

/** Every example that can be shown. */
export const examples: readonly Example[] = [
  // One line each, so that a new one changes no other.
  workQueue,
  publishSubscribe,
  saga,
  webhookFanOut,
  anotherLanguage,
  requestReply,
  scheduledReminder,
]

/** Throws, with the names that there are. */
export function exampleNamed(name: string | undefined): Example {
  const found = examples.find((each) => each.name === name)
  if (found !== undefined) return found
  const known = examples.map((each) => `  ${each.name.padEnd(20)} ${each.about}`).join('\n')
  throw new Error(`there is no example ${name === undefined ? 'given' : `"${name}"`}; the examples are:\n${known}`)
}
