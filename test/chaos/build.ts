import { join } from 'node:path'
import { compile } from '../../compile.ts'

/** Compiles the bot with the recorder and its fail points into `folder`, as the real one is compiled. Gives the file's path. */
export const buildBot = async (folder: string): Promise<string> => {
  const outfile = join(folder, 'st2chatops-chaos')
  await compile({ entry: 'test/chaos/bot.ts', outfile, failPoints: true })
  return outfile
}
