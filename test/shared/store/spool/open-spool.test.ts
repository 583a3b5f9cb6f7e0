/** The spool on a real disk. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import files, { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSpool, SpoolUnusable } from '../../../../shared/store/open-spool'
import type { OpenedSpool, SpoolEvents } from '../../../../shared/store/spool'
import { atEnd } from '../../../support/ends'

const silent: SpoolEvents = { damaged: () => {}, torn: () => {}, failed: () => {}, recovered: () => {} }

function freshPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-spool-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'deep', 'spool')
}

async function openAt(path: string): Promise<OpenedSpool> {
  const opened = await openSpool({ path, maxBytes: 1_048_576, events: silent })
  atEnd(() => opened.spool.close())
  return opened
}

test('the folder is made, for its owner alone, and what is stored is found by the next one', async () => {
  const path = freshPath()
  const { spool } = await openAt(path)
  await spool.append({ lane: 'l', bytes: Buffer.from('Hello World!') })
  expect(statSync(path).mode & 0o777).toBe(0o700)
  for (const name of readdirSync(path).filter((each) => each.endsWith('.spool')))
    expect(statSync(join(path, name)).mode & 0o777).toBe(0o600)
  await spool.close()
  const next = await openAt(path)
  expect(next.found).toHaveLength(1)
})

test('a folder that is in use is refused, with the way out, until it is given up', async () => {
  const path = freshPath()
  const { spool } = await openAt(path)
  await expect(openAt(path)).rejects.toThrow('another process uses it; SPOOL_PATH has to name a folder of its own')
  await expect(openAt(path)).rejects.toThrow(SpoolUnusable)
  await spool.close()
  await openAt(path)
})

test('a process that is killed gives the folder up', async () => {
  const path = freshPath()
  const child = spawn(process.execPath, [
    '-r',
    'ts-node/register/transpile-only',
    join(__dirname, 'hold-spool-child.ts'),
    path,
  ])
  atEnd(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  await expect(openAt(path)).rejects.toThrow('another process uses it')
  child.kill('SIGKILL')
  await once(child, 'close')
  await openAt(path)
})

test('a path that is no folder is refused with its name', async () => {
  const path = freshPath()
  const file = join(path, '..', '..', 'file')
  writeFileSync(file, '')
  await expect(openAt(file)).rejects.toThrow(`the spool ${file} cannot be used: EEXIST`)
})

test('too few files that may be open are refused, with the way out', async () => {
  const path = freshPath()
  const { spool } = await openAt(path)
  await spool.append({ lane: 'l', bytes: Buffer.from('Hello World!') })
  await spool.close()
  const failing = jest
    .spyOn(files, 'readFile')
    .mockRejectedValue(Object.assign(new Error('EMFILE'), { code: 'EMFILE' }))
  await expect(openAt(path)).rejects.toThrow(
    'cannot be used: EMFILE; each of its files stays open: raise the limit of open files (ulimit -n, LimitNOFILE)',
  )
  failing.mockRestore()
  expect((await openAt(path)).found).toHaveLength(1)
})

test('a file whose name could not be flushed is not left behind, since the next one has another name', async () => {
  const path = freshPath()
  const { spool } = await openAt(path)
  const { open } = files
  const failing = jest.spyOn(files, 'open').mockImplementation((name, ...others) => {
    if (name === path) throw new Error('EIO')
    return open(name, ...others)
  })
  await expect(spool.append({ lane: 'l', bytes: Buffer.from('Hello World!') })).rejects.toThrow('EIO')
  failing.mockRestore()
  expect(readdirSync(path).filter((name) => name.endsWith('.spool'))).toEqual([])
})

test('other files in the folder are left alone', async () => {
  const path = freshPath()
  await (await openAt(path)).spool.close()
  writeFileSync(join(path, 'notes.txt'), 'mine')
  chmodSync(join(path, 'notes.txt'), 0o400)
  await (await openAt(path)).spool.close()
  expect(existsSync(join(path, 'notes.txt'))).toBe(true)
})
