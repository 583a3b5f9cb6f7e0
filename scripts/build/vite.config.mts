import { join } from 'node:path'
import { defineConfig } from 'vite'

const root = join(import.meta.dirname, '../..')

/** One page, whole and offline: `npm run build` puts it into dist/web, from where the console serves it. */
export default defineConfig({
  root: join(root, 'services/console/web'),
  base: './',
  oxc: { jsx: { importSource: 'preact' } },
  build: {
    outDir: join(root, 'dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // What is alike in several files is compressed once in one.
    cssCodeSplit: false,
    rolldownOptions: {
      output: { codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: laterOnly('later') }] } },
    },
    // Embedded ones would need a policy that lets pictures be written into the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})

interface Modules {
  getModuleInfo(id: string): { readonly isEntry: boolean; readonly importers: readonly string[] } | null
}

/** Names one chunk for all that the first load does without: pages that come later share what they have in common. */
function laterOnly(name: string): (id: string, modules: Modules) => string | null {
  return (id, modules) => (isFirst(id, modules, new Set()) ? null : name)
}

function isFirst(id: string, modules: Modules, seen: Set<string>): boolean {
  if (seen.has(id)) return false
  seen.add(id)
  const info = modules.getModuleInfo(id)
  return info === null || info.isEntry || info.importers.some((each) => isFirst(each, modules, seen))
}
