import { join } from 'node:path'
import { verdictText } from '../shared/verification/verdict-text'
import { buildDist } from './build/build-dist'
import { stopSignals } from './system/stop-signals'
import { exitWith } from './terminal/exit-with'
import { sayTo } from './terminal/say'
import { OptionsError, parseVerificationOptions, type VerificationOptions } from './verification/options'
import { verify } from './verification/verify'

/**
 * Builds, runs a pair of its own under load while faults come and go, and judges by what the sender was told: 0 when
 * nothing was lost or doubled, 1 for a gap and for a run that could not be brought to its end, 2 for a wrong command line.
 */
exitWith(async () => {
  const options = optionsOrWords()
  if (options === undefined) return 2
  const [say, stop] = [sayTo(process.stderr), stopSignals()]
  stop.forced.addEventListener('abort', () => process.exit(1))
  const folder = options.report ?? join('.handoff', 'verify', new Date().toISOString().replaceAll(':', '-'))
  say(`seed ${options.seed}; the report comes into ${folder}`)
  await buildDist(process.cwd(), stop.asked)
  const report = await verify({ root: process.cwd(), folder, options, say, signal: stop.asked })
  for (const line of verdictText(report)) console.log(line)
  await written(`${report.result}; ${join(folder, 'report.html')}`)
  // All that was started has been ended. Left to end by itself, Node at times turns for ever while it takes down its handles.
  process.exit(report.result !== 'nothing lost or doubled' || stop.asked.aborted ? 1 : 0)
})

/** Resolves when the line, and all before it, has left the process: a pipe may take its time. */
function written(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()))
}

function optionsOrWords(): VerificationOptions | undefined {
  try {
    return parseVerificationOptions(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error
    console.error(`handoff: ${error.message}`)
    return undefined
  }
}
