import { parseSimulationOptions } from './simulation/options'
import { runWorkers } from './simulation/run-workers'
import { Tally } from './simulation/tally'
import { exitWith } from './terminal/exit-with'
import { sayTo } from './terminal/say'

const sayEveryMs = 5_000

/**
 * Runs publisher, spool, retries, inbox and dispatch against a simulated broker, network, clock, disk and database, one
 * run for each seed, and tells which of them broke a promise. Exit code 1 when one did.
 */
exitWith(async () => {
  const options = parseSimulationOptions(process.argv.slice(2))
  const [say, tally, startedAt] = [sayTo(process.stderr), new Tally(), performance.now()]
  const progress = setInterval(() => say(`${tally.runs} of ${options.count} runs`), sayEveryMs)
  try {
    await runWorkers(process.cwd(), options, (run) => {
      tally.add(run)
      for (const line of run.story ?? []) console.log(line)
      if (run.faults.length === 0) return
      console.log(`seed ${run.seed}: ${run.faults.join('\n  ')}`)
      if (options.story === 'untold') console.log(`  again, with its story: npm run simulate -- --seed ${run.seed}`)
    })
  } finally {
    clearInterval(progress)
  }
  if (options.story === 'told') console.log(tally.failed.length === 0 ? 'every promise kept' : 'a promise was broken')
  else for (const line of tally.lines((performance.now() - startedAt) / 1_000)) console.log(line)
  return tally.failed.length === 0 ? 0 : 1
})
