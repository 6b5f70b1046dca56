import { afterAll, beforeAll } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
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
const patience = 120_000

/** An executable in a folder of its own, for all tests of a file. */
export type Compiled = {
  readonly folder: () => string
  readonly executable: () => string
}

/** Compiles before the tests of a file, if `needed`, and tidies up behind them. */
export const compileForTests = (needed: boolean): Compiled => {
  let folder = ''
  let executable = ''
  beforeAll(async () => {
    if (!needed) return
    folder = mkdtempSync(join(tmpdir(), 'st2chatops-executable-'))
    executable = await compileInto(folder)
  }, patience)
  afterAll(() => {
    if (folder !== '') rmSync(folder, { recursive: true })
  })
  return { folder: () => folder, executable: () => executable }
}
