/**
 * Commands of the documents that are not run as they stand by test/e2e/docs.test.ts, and who runs them. A command that
 * is neither here nor runnable there fails test/shared/docs/commands.test.ts.
 */
export const runElsewhere: Readonly<Record<string, string>> = {
  'npm start': 'test/e2e/start.test.ts',
  'npm test': '.ci/run',
  'npm run build': 'test/e2e/npm-start.test.ts',
  'npm run start:consumer': 'test/e2e/npm-start.test.ts',
  'npm run reset': 'test/e2e/reset.test.ts',
  'npx handoff dead replay ledger --all --yes': 'test/e2e/order.test.ts',
  'npm run simulate -- --seeds 10000': 'test/scripts/simulation/simulate.test.ts',
  'npm run simulate -- --seed 47': 'test/scripts/simulation/simulate.test.ts',
  'npm run verify -- --messages 1000000 --rate 3000 --faults 120 --journal 0.01 --log-level warn':
    'test/faults/verify.test.ts',
  'npm run example -- work-queue': 'test/examples/work-queue.test.ts',
  'npm run example -- publish-subscribe': 'test/examples/publish-subscribe.test.ts',
  'npm run example -- saga': 'test/examples/saga.test.ts',
  'npm run example -- webhook-fan-out': 'test/examples/webhook-fan-out.test.ts',
  'npm run example -- another-language': 'test/examples/another-language.test.ts',
  'npm run example -- request-reply': 'test/examples/request-reply.test.ts',
  'npm run example -- scheduled-reminder': 'test/examples/scheduled-reminder.test.ts',
  'docker compose up --wait': 'test/compose/compose.test.ts',
  'docker compose --profile cluster up --wait': 'test/compose/cluster.test.ts',
  'docker compose --profile observability up --wait': 'test/compose/observability.test.ts',
  'docker compose up --wait --scale consumer=3': 'test/compose/compose.test.ts',
  "docker compose exec postgres psql -U handoff -d handoff -c 'select order_id, amount_cents from ledger_entries'":
    'test/compose/compose.test.ts',
  'npx jest test/shared/messages/catalogue.test.ts --selectProjects unit': 'test/shared/docs/added-messages.test.ts',
  'npx jest test/services/consumer/dispatch.test.ts --selectProjects unit': 'test/shared/docs/added-messages.test.ts',
  'node_modules/.bin/node -r ts-node/register/transpile-only scripts/generate-docs.ts':
    'test/shared/docs/added-messages.test.ts',
}

/** The document whose commands change the project's files: test/shared/docs/own-domain.test.ts runs them in a copy. */
export const ownDomain = 'docs/how-to/start-your-own-domain.md'

/** Whether test/shared/docs/own-domain.test.ts runs this block. */
export function isForCopy(document: string, text: string): boolean {
  return document === ownDomain && /^(rm|npx) /.test(text)
}

/** What the commands begin with that test/e2e/docs.test.ts runs against the running pair. */
const liveWords = ['curl', 'kill', 'node', 'node_modules/.bin/node', 'amqp-get', 'npx handoff', 'npm run send:webhooks']

/** Whether test/e2e/docs.test.ts runs this block. */
export function isLive(text: string): boolean {
  return !(text in runElsewhere) && liveWords.some((word) => text === word || text.startsWith(`${word} `))
}
