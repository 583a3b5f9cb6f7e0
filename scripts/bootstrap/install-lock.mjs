import { mkdirSync, readdirSync, renameSync, rmSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Holds the lock directory while `work` runs, so that two processes never install over each other; waits while a living
 * process holds it and takes it over from a dead one. `onWait` hears once which process is waited for.
 */
export async function withLock(lock, onWait, work) {
  await acquire(lock, onWait)
  const giveBack = () => release(lock)
  process.once('exit', giveBack)
  try {
    return await work()
  } finally {
    process.off('exit', giveBack)
    giveBack()
  }
}

async function acquire(lock, onWait) {
  for (let told = false; !tryAcquire(lock); await wait(200)) {
    const holder = holderOf(lock)
    if (holder !== undefined && !isAlive(holder)) takeFrom(lock, holder)
    else if (holder !== undefined && !told) {
      told = true
      onWait(holder)
    }
  }
}

/**
 * The holder's process id is the name of the one file in the lock, and the directory arrives with the file in it by one
 * rename: it never stands there without its holder. A rename onto an empty directory succeeds, onto a held one fails.
 */
function tryAcquire(lock) {
  const prepared = `${lock}.${process.pid}`
  mkdirSync(dirname(lock), { recursive: true })
  mkdirSync(prepared, { recursive: true })
  writeFileSync(join(prepared, String(process.pid)), '')
  try {
    renameSync(prepared, lock)
    return true
  } catch (error) {
    rmSync(prepared, { recursive: true })
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false
    throw error
  }
}

function holderOf(lock) {
  return ignoring(['ENOENT'], () => readdirSync(lock)[0])
}

/** Removes the dead holder's own file: when another process was faster, its file has another name and stays. */
function takeFrom(lock, holder) {
  ignoring(['ENOENT'], () => unlinkSync(join(lock, holder)))
}

function release(lock) {
  ignoring(['ENOENT'], () => unlinkSync(join(lock, String(process.pid))))
  ignoring(['ENOENT', 'ENOTEMPTY', 'EEXIST'], () => rmdirSync(lock))
}

function isAlive(pid) {
  try {
    process.kill(Number(pid), 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function ignoring(codes, act) {
  try {
    return act()
  } catch (error) {
    if (!codes.includes(error.code)) throw error
    return undefined
  }
}
