import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { copySql } from '../../scripts/build/copy-sql'
import { forgetMissing, removeStale } from '../../scripts/build/output'
import { newFolder, type Folder } from './support/folder'

const has = (folder: Folder, name: string) => existsSync(join(folder.path, name))

/** A project with one source, built. */
function builtProject(): Folder {
  const folder = newFolder()
  for (const name of ['shared/a.ts', 'dist/shared/a.js', 'dist/shared/a.js.map', 'dist/.tsbuildinfo'])
    folder.write(name, '')
  return folder
}

test('.sql files stand in dist at the same place', () => {
  const folder = builtProject()
  folder.write('shared/store/sqlite/001.sql', 'create table a (b)')
  folder.write('services/consumer/tables/sqlite/001.sql', 'create table c (d)')
  copySql(folder.path)
  expect(readFileSync(join(folder.path, 'dist/shared/store/sqlite/001.sql'), 'utf8')).toBe('create table a (b)')
  expect(has(folder, 'dist/services/consumer/tables/sqlite/001.sql')).toBe(true)
})

test('output whose source is gone is removed, and nothing else', () => {
  const folder = builtProject()
  for (const name of ['shared/b.js', 'shared/b.js.map', 'services/x/y.js', 'shared/store/002.sql'])
    folder.write(`dist/${name}`, '')
  removeStale(folder.path)
  expect(
    ['shared/b.js', 'shared/b.js.map', 'services/x/y.js', 'shared/store/002.sql'].filter((name) =>
      has(folder, `dist/${name}`),
    ),
  ).toEqual([])
  expect(['shared/a.js', 'shared/a.js.map', '.tsbuildinfo'].filter((name) => !has(folder, `dist/${name}`))).toEqual([])
})

test('the compiler’s notes are forgotten only when output is missing', () => {
  const folder = builtProject()
  forgetMissing(folder.path)
  expect(has(folder, 'dist/.tsbuildinfo')).toBe(true)
  folder.write('shared/new.ts', '')
  forgetMissing(folder.path)
  expect(has(folder, 'dist/.tsbuildinfo')).toBe(false)
})
