import { interruption } from './interruption'
import { runProgram } from './program'

// The reader of our output has seen enough, such as `head`.
process.stdout.on('error', () => process.exit(0))

void runProgram(process.argv.slice(2), {
  environment: process.env,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  stdin: process.stdin,
  isTerminal: process.stdin.isTTY && process.stderr.isTTY,
  interruption,
}).then((code) => {
  process.exitCode = code
})
