import type { CompletionNode, ValueHint } from './collect.ts'

/** The text as one word of sh, bash or zsh. */
export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** Each option that takes a value under `PATH OPTION`, the key that the scripts look up. */
export const valueOptions = (
  nodes: readonly CompletionNode[],
): readonly { readonly key: string; readonly value: ValueHint }[] =>
  nodes.flatMap(({ path, options }) =>
    options.flatMap(({ names, value }) =>
      value === undefined ? [] : names.map((name) => ({ key: `${path} ${name}`, value }))
    )
  )
