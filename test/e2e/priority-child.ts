/**
 * A consumer whose greetings pass one after the other, as many as a file says: those beyond wait, and have their turns. The first
 * run of one named `…-flaky` fails, and those named `…-poison` are rejected until another file exists.
 */
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { consumerOf } from '../../services/consumer/app'
import { readConfig } from '../../services/consumer/config'
import { handler } from '../../services/consumer/handler'
import { greet } from '../../services/consumer/handlers/greet'
import { handlers } from '../../services/consumer/handlers/all'
import { Reject } from '../../services/consumer/reject'
import { group } from '../../shared/messages/group'
import { groups } from '../../shared/messages/groups'
import { hello } from '../../shared/messages/hello'
import { command } from '../../shared/messages/message'
import { runService } from '../../shared/runtime/run-service'

const [allowance = '', mended = ''] = process.argv.slice(2)
// So that more turns are wanted than there are, and that the ones who wait are handed out by their weights.
const runMs = 5

const { description, examples } = hello
// One that has failed must not come back while others pass beside it.
const delivery = { timeLimitMs: 3_600_000, delaysMs: [10_000] }
const patient = command('hello', hello.schema, { description, examples, delivery })

let begun = 0
const held = handler(patient, { group: 'greetings' }, async (greeting, context) => {
  const number = begun++
  while (number >= Number(readFileSync(allowance, 'utf8'))) await pause(20, undefined, { signal: context.signal })
  await pause(runMs)
  if (greeting.endsWith('-flaky') && context.attempt === 1) throw new Error('in a mood')
  if (greeting.endsWith('-poison') && !existsSync(mended)) throw new Reject('poisonous')
  return greet.handle(greeting, context)
})

const domain = {
  groups: [...groups.filter(({ name }) => name !== 'greetings'), group('greetings', [patient])],
  handlers: [...handlers.filter((each) => each !== greet), held],
}

void runService(consumerOf(domain), {
  name: 'consumer',
  settings: () => readConfig({ environment: process.env }),
})
