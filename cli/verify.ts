import type { Command } from 'commander'
import { OperationError } from '../shared/operations/operation-error'
import { verdictText } from '../shared/verification/verdict-text'
import { writeReport } from '../shared/verification/write-report'
import { positiveNumber, wholeNumber } from './numbers'
import { withDoor } from './producer-door'
import type { Surroundings } from './surroundings'
import { UsageError } from './usage-error'
import { verifyDeployment, type VerifyOptions } from './verify-deployment'

interface Options extends VerifyOptions {
  readonly faults: boolean
  readonly report?: string
}

const description = `sends messages, follows each to its end, and says whether any was lost or done twice

With --no-faults, through the running producer, which is asked what has become of each. Handlers do what they do for
every message: choose a type that does no harm. Without it, as npm run verify: a pair and a broker of its own, with
faults. The API key, where the producer asks for one, is HANDOFF_API_KEY or stands in --api-key-file.`

const wayOut = 'faults need a pair and a broker of their own: run `npm run verify`, or give --no-faults'

export function verify(program: Command, surroundings: Surroundings): Command {
  const command = program
    .command('verify')
    .summary('proves that nothing is lost')
    .description(description)
    .option('--no-faults', 'verify the running deployment, and harm nothing')
    .option('--messages <count>', 'how many to send', wholeNumber, 100)
    .option('--rate <count>', 'how many in a second, at most', positiveNumber, 50)
    .option('--type <type>', 'which message type; its first example is sent', 'hello')
    .option('--patience <seconds>', 'how long one is repeated, and waited for while none ends', positiveNumber, 60)
    .option('--report <folder>', 'where to write history.ndjson, report.json and report.html; else they are not kept')
  return withDoor(command).action((options: Options) => run(options, surroundings))
}

async function run(options: Options, surroundings: Surroundings): Promise<void> {
  if (options.faults) throw new UsageError(wayOut)
  const report = await verifyDeployment(options, surroundings)
  for (const line of verdictText(report)) surroundings.out(line)
  if (options.report !== undefined) await writeReport(options.report, report)
  if (report.result === 'a gap') throw new OperationError('there is a gap: see above')
  if (report.result === 'not brought to its end') throw new OperationError(`the run was ${report.result}: see above`)
}
