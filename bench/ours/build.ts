import { rm } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dir, '../..')

/** Compiles the bot with the scripted chat into `folder`, with the options of `compile.ts`. Gives the file's path. */
export const buildOurs = async (folder: string): Promise<string> => {
  const outfile = join(folder, 'st2chatops-bench')
  await rm(outfile, { force: true })
  const result = await Bun.build({
    entrypoints: ['bench/ours/bot.ts', 'src/alias/backtrack-worker.ts'].map((path) =>
      join(root, path)
    ),
    root,
    target: 'bun',
    format: 'esm',
    splitting: true,
    bytecode: true,
    sourcemap: 'linked',
    minify: { whitespace: true, syntax: true, identifiers: false },
    define: { ST2CHATOPS_FAIL_POINT: 'undefined' },
    compile: {
      outfile,
      autoloadDotenv: false,
      autoloadBunfig: false,
      autoloadTsconfig: false,
      autoloadPackageJson: true,
      execArgv: ['--use-system-ca'],
    },
  })
  if (!result.success) throw new AggregateError(result.logs, 'Cannot compile the bot.')
  return outfile
}
