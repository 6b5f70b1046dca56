import * as v from 'valibot'
import { StackStormRefused } from './errors.ts'
import { type Page, readPages } from './pages.ts'
import { type Execution, executionSchema } from './schema.ts'

/** Where StackStorm keeps the `source_context` of a chat command, as long as the action has no notify of its own. */
const notifySchema = v.object({
  liveaction: v.object({
    notify: v.object({
      'on-complete': v.object({ data: v.object({ source_context: v.optional(v.unknown()) }) }),
    }),
  }),
})

/** More pages than these are not searched: 5,000 executions between a lost answer and the look for it. */
const mostPages = 50

const carries = (document: unknown, correlation: string): boolean => {
  const read = v.safeParse(notifySchema, document)
  if (!read.success) return false
  const context = read.output.liveaction.notify['on-complete'].data['source_context']
  return JSON.stringify(context ?? null).includes(JSON.stringify(correlation).slice(1, -1))
}

/** Executions at top level that started after `since` (ms since 1970), with what tells the one from the others. */
const startedSince = (since: number): Readonly<Record<string, string>> => ({
  parent: 'null',
  // Six decimals, as StackStorm writes its own times.
  'timestamp_gt': new Date(since).toISOString().replace('Z', '000Z'),
  'include_attributes': 'id,status,context,liveaction.notify,web_url',
})

/**
 * The same, narrowed down to the one by StackStorm itself. Its filters know every stored path; a StackStorm whose executions
 * are stored in another way answers 400.
 */
const withCorrelation = (since: number, correlation: string): Readonly<Record<string, string>> => ({
  ...startedSince(since),
  filter: `liveaction.notify.on-complete.data.source_context.correlation:${correlation}`,
})

/**
 * The execution whose `source_context` holds the correlation; undefined when there is none. One request, or a walk through all
 * executions since then where StackStorm cannot narrow them down.
 */
export const findByCorrelation = async (
  list: (query: Readonly<Record<string, string>>) => GetPage,
  correlation: string,
  since: number,
): Promise<Execution | undefined> => {
  try {
    return await search(list(withCorrelation(since, correlation)), correlation)
  } catch (error) {
    if (!(error instanceof StackStormRefused) || error.status !== 400) throw error
    return await search(list(startedSince(since)), correlation)
  }
}

type GetPage = (limit: number, offset: number) => Promise<Page>

const search = async (
  get: GetPage,
  correlation: string,
): Promise<Execution | undefined> => {
  let pages = 0
  for await (const { documents } of readPages(get)) {
    const found = documents.find((document) => carries(document, correlation))
    const read = v.safeParse(executionSchema, found)
    if (read.success) return read.output
    if (++pages >= mostPages) return undefined
  }
  return undefined
}
