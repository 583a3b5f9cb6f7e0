/** The commands of the documents, as they stand, against a running pair; what comes out is what the documents show. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { difference } from '../docs/compare'
import { blocksOf, documents, root, textOf, type Block } from '../docs/documents'
import { isLive } from '../docs/run-elsewhere'
import { useBroker } from '../support/broker'
import { runningBroker } from '../support/brokers/running-brokers'
import { commandExists } from '../support/command-exists'
import { eventually } from '../support/eventually'
import { startService, type RunningService } from '../support/service'
import { startPair, type Pair } from './pair'

const run = promisify(execFile)
const key = 'docs-key'
const consoleUrl = 'http://127.0.0.1:8080'
const settings: Readonly<Record<string, Record<string, string>>> = {
  'docs/how-to/secure-the-door.md': { API_KEYS: `docs:${createHash('sha256').update(key).digest('hex')}` },
  'docs/how-to/receive-webhooks.md': { WEBHOOK_SECRETS: 'github:github:keep-it-logically-awesome' },
}
// What npx handoff comes to by two more processes each time; test/e2e/send.test.ts goes through that door.
const commandLine = `'${process.execPath}' --enable-source-maps dist/cli/main.js`
const live = documents().filter((document) => commandsOf(document).length > 0)
const tools = ['curl', 'amqp-get'].filter((tool) => !commandExists(tool))
const describeDocument = tools.length === 0 ? describe : describe.skip

/** A command, and the block behind it that shows what comes out. */
interface Command extends Block {
  readonly shown: Block | undefined
}

function commandsOf(document: string): readonly Command[] {
  const blocks = blocksOf(document)
  return blocks.flatMap((block, index) => {
    const next = blocks[index + 1]
    const shown = next !== undefined && ['json', 'text'].includes(next.language) ? next : undefined
    return block.language === 'sh' && isLive(block.text) ? [{ ...block, shown }] : []
  })
}

test('there are documents with commands', () => {
  expect(live).toEqual(expect.arrayContaining(['README.md', 'docs/tutorials/first-message.md']))
})

describeDocument.each(live)(`%s${tools.length === 0 ? '' : ` (skipped without ${tools.join(', ')})`}`, (document) => {
  const broker = useBroker()

  test('works as written', async () => {
    const pair = await startPair(broker.url, settings[document])
    let { consumer } = pair
    const console = textOf(document).includes(consoleUrl) ? await startConsole(broker.url) : undefined
    for (const command of commandsOf(document)) {
      await expectShown(
        command,
        asOnThisMachine(command.text, { pair, consumer, console, brokerUrl: broker.url }),
        pair,
      )
      if (command.text.includes('kill -9')) consumer = await startAgain(consumer, pair, broker.url)
    }
    // Each command is a process, and a document may have thirty.
  }, 300_000)
})

/** A command that only looks is repeated until it sees what the document shows, since the pair works meanwhile. */
async function expectShown({ text, shown, place }: Command, command: string, pair: Pair): Promise<void> {
  const onlyLooks = !/ -d |handoff (send|dead (replay|edit|discard)) /.test(text) && shown !== undefined
  let wrong: string | undefined = 'the command did not end'
  const attempt = async () => {
    wrong = await outputOf(command, pair).then(
      (output) => (shown === undefined ? undefined : difference(shown.language, shown.text, output)),
      (error: unknown) => `the command failed: ${String(error)}`,
    )
    return wrong === undefined
  }
  if (onlyLooks) await eventually(place, attempt).catch(() => undefined)
  else await attempt()
  expect({ place, wrong }).toEqual({ place, wrong: undefined })
}

async function outputOf(command: string, { producer, storeUrl }: Pair): Promise<string> {
  const { managementUrl: BROKER_MANAGEMENT_URL } = runningBroker()
  const env = { ...process.env, PRODUCER_PORT: new URL(producer.url).port, STORE_URL: storeUrl, BROKER_MANAGEMENT_URL }
  const { stdout } = await run('sh', ['-ec', command], { cwd: root, env, timeout: 60_000 })
  return stdout.trimEnd()
}

interface Place {
  readonly pair: Pair
  readonly consumer: RunningService
  /** Only for documents that speak of it. */
  readonly console: RunningService | undefined
  readonly brokerUrl: string
}

/** Ports, paths and stand-ins that differ between a reader's machine and this test. */
function asOnThisMachine(text: string, { pair, consumer, console, brokerUrl }: Place): string {
  return text
    .replaceAll('http://127.0.0.1:3000', pair.producer.url)
    .replaceAll('http://127.0.0.1:3001', consumer.url)
    .replaceAll(consoleUrl, console?.url ?? consoleUrl)
    .replaceAll('amqp://127.0.0.1:5672', brokerUrl)
    .replaceAll('.handoff/handoff.db', pair.storeUrl.slice('sqlite:'.length))
    .replaceAll('npx handoff', `BROKER_URL='${brokerUrl}' ${commandLine}`)
    .replace(/(dead \w+ payments) ID\b/, `$1 $(${oneLetter(brokerUrl)})`)
    .replaceAll('CONSUMER', String(consumer.pid))
    .replaceAll('YOUR-KEY', key)
}

/** A shell command that prints the id of a dead letter, which a reader takes from the list. */
function oneLetter(brokerUrl: string): string {
  return `BROKER_URL='${brokerUrl}' ${commandLine} dead list payments --json --limit 1 | sed 's/.*"id":"\\([^"]*\\)".*/\\1/'`
}

function startConsole(brokerUrl: string): Promise<RunningService> {
  return startService('console', { BROKER_URL: brokerUrl })
}

/** What `npm start` does for its reader; test/e2e/start.test.ts proves it. */
async function startAgain(dead: RunningService, { storeUrl }: Pair, brokerUrl: string): Promise<RunningService> {
  await dead.exited
  return startService('consumer', { BROKER_URL: brokerUrl, STORE_URL: storeUrl })
}
