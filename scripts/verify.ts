import { join } from 'node:path'
import { verdictText } from '../shared/verification/verdict-text'
import { writeReport } from '../shared/verification/write-report'
import { stopSignals } from './system/stop-signals'
import { exitAtOnceWith } from './terminal/exit-with'
import { sayTo } from './terminal/say'
import { OptionsError, parseVerificationOptions, type VerificationOptions } from './verification/options'
import { verify } from './verification/verify'

/**
 * Builds, runs a pair of its own under load while faults come and go, and judges by what the sender was told: 0 when
 * nothing was lost or doubled, 1 for a gap and for a run that could not be brought to its end, 2 for a wrong command line.
 */
exitAtOnceWith(async () => {
  const options = optionsOrWords()
  if (options === undefined) return 2
  const [say, stop] = [sayTo(process.stderr), stopSignals()]
  stop.forced.addEventListener('abort', () => process.exit(1))
  const folder = options.report ?? join('.handoff', 'verify', new Date().toISOString().replaceAll(':', '-'))
  say(`seed ${options.seed}; the report comes into ${folder}`)
  const report = await verify({ root: process.cwd(), folder, options, say, signal: stop.asked })
  for (const line of [...verdictText(report), report.result]) console.log(line)
  await writeReport(folder, report)
  console.log(join(folder, 'report.html'))
  return report.result !== 'nothing lost or doubled' || stop.asked.aborted ? 1 : 0
})

function optionsOrWords(): VerificationOptions | undefined {
  try {
    return parseVerificationOptions(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error
    console.error(`handoff: ${error.message}`)
    return undefined
  }
}
