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
    // Embedded ones would need a policy that lets pictures be written into the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
