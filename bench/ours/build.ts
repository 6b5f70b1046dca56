import { join } from 'node:path'
import { compile } from '../../compile.ts'

/** Compiles the bot with the scripted chat into `folder`, as the real one is compiled. Gives the file's path. */
export const buildOurs = async (folder: string): Promise<string> => {
  const outfile = join(folder, 'st2chatops-bench')
  await compile({ entry: 'bench/ours/bot.ts', outfile })
  return outfile
}
