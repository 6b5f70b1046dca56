import { join } from 'node:path'

const root = join(import.meta.dir, '..', '..')

/** Compiles the program as it is released into a folder, and gives the executable's path. */
export const compileInto = async (folder: string): Promise<string> => {
  const child = Bun.spawn([process.execPath, 'compile.ts', '--outdir', folder], {
    cwd: root,
    stdout: 'ignore',
    stderr: 'pipe',
  })
  const errors = await new Response(child.stderr).text()
  if (await child.exited !== 0) throw new Error(`It does not compile: ${errors}`)
  return join(folder, 'st2chatops')
}

/** Compiling takes two seconds on a quiet machine, and a minute on a busy one; ms. */
export const compilePatience = 120_000
