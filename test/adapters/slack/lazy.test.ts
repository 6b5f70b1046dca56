import { expect, test } from 'bun:test'
import { join } from 'node:path'

const root = join(import.meta.dir, '..', '..', '..')
const transpiler = new Bun.Transpiler({ loader: 'ts' })

/** Every file and package that a module loads as it starts; what it may load later does not count. */
const loadedBy = async (entry: string): Promise<ReadonlySet<string>> => {
  const seen = new Set<string>()
  const visit = async (path: string): Promise<void> => {
    if (seen.has(path)) return
    seen.add(path)
    if (!path.startsWith('/') || !path.endsWith('.ts')) return
    const imports = transpiler.scanImports(await Bun.file(path).text())
    const next = imports.filter(({ kind }) => kind === 'import-statement')
      .map(({ path: name }) => name.startsWith('.') ? join(path, '..', name) : name)
    await Promise.all(next.map(visit))
  }
  await visit(join(root, entry))
  return seen
}

test('a bot without Slack loads neither its code nor its client', async () => {
  const loaded = [...await loadedBy('src/cli/run.ts')]
  expect(loaded).toContain(join(root, 'adapters/slack/options.ts'))
  expect(loaded.filter((name) => name.includes('@slack/'))).toEqual([])
  expect(loaded).not.toContain(join(root, 'adapters/slack/connection.ts'))
})

test('a bot with Slack loads both', async () => {
  expect([...await loadedBy('adapters/slack/index.ts')]).toContain('@slack/web-api')
})
