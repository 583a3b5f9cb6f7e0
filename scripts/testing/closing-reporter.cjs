/**
 * A Jest reporter that stands before Jest's own. Just before the summary it says which gates of `npm run check` have
 * failed, because the summary must be the last word and nobody scrolls up behind a green one. And it writes the totals
 * as one line, `12 passed, 0 failed, 1 skipped`, to the file that TEST_TOTALS_FILE names.
 */
const { writeFileSync } = require('node:fs')

module.exports = class ClosingReporter {
  onRunComplete(_contexts, results) {
    const failedGates = process.env.FAILED_GATES
    if (failedGates) process.stderr.write(`\nThe check has failed (its words are above the tests): ${failedGates}\n`)
    const file = process.env.TEST_TOTALS_FILE
    if (file) writeFileSync(file, `${totalsOf(results)}\n`)
  }
}

/** A test file that could not be run counts as one failure: it has no tests that could have failed. */
function totalsOf({ numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests, numTodoTests }) {
  const failed = numFailedTests + numRuntimeErrorTestSuites
  const skipped = numPendingTests + numTodoTests
  return `${numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
