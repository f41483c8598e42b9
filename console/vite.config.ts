// Bundles the console into assets/ under names that carry their content's hash, each file gzipped
// beside itself, and manifest.json: what the page links, and every file that may be served.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Writes manifest.json and the gzipped files, as the gateway serves them; last, as Vite changes chunks until then. */
function served(): Plugin {
  return {
    name: 'served',
    apply: 'build',
    writeBundle({ dir = 'assets' }, bundle) {
      const outputs = Object.values(bundle)
      const entry = outputs.find(output => output.type === 'chunk' && output.isEntry)
      const style = outputs.find(output => output.fileName.startsWith('main-') && output.fileName.endsWith('.css'))
      const files = outputs.map(output => output.fileName).sort()
      for (const name of files) writeFileSync(join(dir, `${name}.gz`), gzipSync(readFileSync(join(dir, name)), { level: 9 }))
      const manifest = { script: entry?.fileName, style: style?.fileName, files }
      writeFileSync(join(dir, 'manifest.json'), JSON.stringify(manifest, null, 1))
    },
  }
}

// `npm run dev` asks a gateway that runs at 8000, such as `make demo`, as the demo's person.
const identity = { 'X-Forwarded-User': 'demo', 'X-Forwarded-Groups': 'risk,marketing' }

export default defineConfig({
  base: './',
  plugins: [react(), served()],
  build: {
    outDir: 'assets',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      input: 'src/main.tsx',
      output: { entryFileNames: '[name]-[hash].js', chunkFileNames: '[name]-[hash].js', assetFileNames: '[name]-[hash][extname]' },
    },
  },
  server: { proxy: { '/graphql': { target: 'http://127.0.0.1:8000', ws: true, headers: identity } } },
})
