import { join } from 'node:path'
import { compile } from '../../compile.ts'

/**
 * Lets the kernel forget the pages of a file, so that it is read from disk as after a boot. What was just written lies in memory in pieces of
 * up to 2 MB, and each that is touched counts whole as the memory of who runs it: 4 to 9 MB that an installed executable has not.
 */
export const forgetPages = async (path: string): Promise<void> => {
  const child = Bun.spawn(
    ['dd', `of=${path}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0'],
    { stdout: 'ignore', stderr: 'ignore' },
  )
  if (await child.exited !== 0) throw new Error(`The kernel keeps the pages of ${path}.`)
}

/** Compiles the bot with the scripted chat into `folder`, as the real one is compiled. Gives the file's path. */
export const buildOurs = async (folder: string): Promise<string> => {
  const outfile = join(folder, 'st2chatops-bench')
  await compile({ entry: 'bench/ours/bot.ts', outfile })
  await forgetPages(outfile)
  return outfile
}
