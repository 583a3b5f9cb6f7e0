import { exitWith } from './terminal/exit-with'
import { runTests } from './testing/run-tests'
import { chooseTurn } from './testing/turn'

/** Arguments go to Jest; with them, too, nothing else is left out. */
exitWith(() => {
  const [root, jestArguments] = [process.cwd(), process.argv.slice(2)]
  if (jestArguments.length === 0) chooseTurn(root, process.env, process.stdout)
  return runTests(root, jestArguments)
})
