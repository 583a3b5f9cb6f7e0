import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A real webhook body, under an id of its own. */
export interface WebhookExample {
  readonly event: string
  readonly deliveryId: string
  readonly payload: object
}

interface ExampleFile {
  readonly name: string
  readonly examples: readonly object[]
}

/** Every GitHub webhook body of the package `@octokit/webhooks-examples`; `run` makes the ids of this run its own. */
export function webhookExamples(run: string): readonly WebhookExample[] {
  const root = dirname(require.resolve('@octokit/webhooks-examples/package.json'))
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders.flatMap(({ name: folder }) =>
    readExamples(join(root, folder, 'index.json')).flatMap(({ name: event, examples }) =>
      examples.map((payload, index) => ({ event, payload, deliveryId: `${run}/${folder}/${event}/${index}` })),
    ),
  )
}

function readExamples(file: string): readonly ExampleFile[] {
  return JSON.parse(readFileSync(file, 'utf8')) as readonly ExampleFile[]
}
