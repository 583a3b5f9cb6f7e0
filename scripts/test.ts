import { exitWith } from './terminal/exit-with'
import { runTests } from './testing/run-tests'

/** Arguments go to Jest; with them, too, nothing else is left out. */
exitWith(() => runTests(process.cwd(), process.argv.slice(2)))
