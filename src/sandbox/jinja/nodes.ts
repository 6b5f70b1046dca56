import { parse, tokenize } from '@huggingface/jinja'
import { otherFailure, syntaxFailure } from './failure.ts'
import { prepareSource } from './source.ts'

/** The parser's tree, as far as it can be met; its own types are not exported. */
export type Node =
  | { readonly type: 'Program'; readonly body: readonly Node[] }
  | {
    readonly type: 'If'
    readonly test: Node
    readonly body: readonly Node[]
    readonly alternate: readonly Node[]
  }
  | {
    readonly type: 'For'
    readonly loopvar: Node
    readonly iterable: Node
    readonly body: readonly Node[]
    readonly defaultBlock: readonly Node[]
  }
  | { readonly type: 'Break' | 'Continue' | 'Comment' }
  | {
    readonly type: 'Set'
    readonly assignee: Node
    readonly value: Node | null
    readonly body: readonly Node[]
  }
  | {
    readonly type: 'Macro'
    readonly name: IdentifierNode
    readonly args: readonly Node[]
    readonly body: readonly Node[]
  }
  | {
    readonly type: 'CallStatement'
    readonly call: CallNode
    readonly callerArgs: readonly Node[] | null
    readonly body: readonly Node[]
  }
  | {
    readonly type: 'FilterStatement'
    readonly filter: IdentifierNode | CallNode
    readonly body: readonly Node[]
  }
  | {
    readonly type: 'MemberExpression'
    readonly object: Node
    readonly property: Node
    readonly computed: boolean
  }
  | CallNode
  | IdentifierNode
  | { readonly type: 'IntegerLiteral' | 'FloatLiteral'; readonly value: number }
  | { readonly type: 'StringLiteral'; readonly value: string }
  | { readonly type: 'ArrayLiteral' | 'TupleLiteral'; readonly value: readonly Node[] }
  | { readonly type: 'ObjectLiteral'; readonly value: ReadonlyMap<Node, Node> }
  | {
    readonly type: 'BinaryExpression'
    readonly operator: { readonly value: string }
    readonly left: Node
    readonly right: Node
  }
  | {
    readonly type: 'FilterExpression'
    readonly operand: Node
    readonly filter: IdentifierNode | CallNode
  }
  | { readonly type: 'SelectExpression'; readonly lhs: Node; readonly test: Node }
  | {
    readonly type: 'TestExpression'
    readonly operand: Node
    readonly negate: boolean
    readonly test: IdentifierNode
  }
  | {
    readonly type: 'UnaryExpression'
    readonly operator: { readonly value: string }
    readonly argument: Node
  }
  | {
    readonly type: 'SliceExpression'
    readonly start?: Node
    readonly stop?: Node
    readonly step?: Node
  }
  | {
    readonly type: 'KeywordArgumentExpression'
    readonly key: IdentifierNode
    readonly value: Node
  }
  | { readonly type: 'SpreadExpression' | 'KeywordSpreadExpression'; readonly argument: Node }
  | {
    readonly type: 'Ternary'
    readonly condition: Node
    readonly trueExpr: Node
    readonly falseExpr: Node
  }

export type IdentifierNode = { readonly type: 'Identifier'; readonly value: string }

export type CallNode = {
  readonly type: 'CallExpression'
  readonly callee: Node
  readonly args: readonly Node[]
}

/** Characters that a template may have: the parser's time grows faster than its input. */
const longestTemplate = 50_000

/**
 * Parses a template with the whitespace rules that StackStorm renders with.
 * @throws TemplateFailure of kind `syntax`, or `other` for one that is too long
 */
export const parseTemplate = (source: string): Node => {
  if (source.length > longestTemplate) throw otherFailure('the template is too long')
  const prepared = prepareSource(source)
  try {
    return parse(tokenize(prepared)) as unknown as Node
  } catch (cause) {
    throw Object.assign(syntaxFailure(cause instanceof Error ? cause.message : String(cause)), {
      cause,
    })
  }
}
