import { rm } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dir, '../..')

/** Compiles the bot with the recorder and its fail points into `folder`, as `compile.ts` compiles the real one. Gives the file's path. */
export const buildBot = async (folder: string): Promise<string> => {
  const outfile = join(folder, 'st2chatops-chaos')
  await rm(outfile, { force: true })
  const result = await Bun.build({
    entrypoints: ['test/chaos/bot.ts', 'src/alias/backtrack-worker.ts'].map((path) =>
      join(root, path)
    ),
    root,
    target: 'bun',
    format: 'esm',
    splitting: true,
    bytecode: true,
    minify: { whitespace: true, syntax: true, identifiers: false },
    compile: {
      outfile,
      autoloadDotenv: false,
      autoloadBunfig: false,
      autoloadTsconfig: false,
      autoloadPackageJson: true,
    },
  })
  if (!result.success) throw new AggregateError(result.logs, 'Cannot compile the bot.')
  return outfile
}
