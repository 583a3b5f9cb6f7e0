import { interruption } from './interruption'
import { outputTo } from './output'
import { runProgram } from './program'

void runProgram(process.argv.slice(2), {
  environment: process.env,
  ...outputTo(process.stdout),
  err: (line) => void process.stderr.write(`${line}\n`),
  stdin: process.stdin,
  isTerminal: process.stdin.isTTY && process.stderr.isTTY,
  interruption,
}).then((code) => {
  process.exitCode = code
})
