/** Holds a process still, tells its id, and waits to be killed. */
import { spawn } from 'node:child_process'
import { dieWithUs } from '../../../scripts/system/die-with-us'

const held = spawn('sleep', ['600'])
held.kill('SIGSTOP')
dieWithUs(held.pid ?? 0)
process.send?.(held.pid)
setInterval(() => {}, 60_000)
