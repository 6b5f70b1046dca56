import { item, loopVariable, missing, slice } from './access.ts'
import { otherFailure, syntaxFailure, TemplateFailure } from './failure.ts'
import type { FilterCall } from './filter-call.ts'
import { applyFilter } from './filters.ts'
import { methodOf } from './methods.ts'
import type { CallNode, IdentifierNode, Node } from './nodes.ts'
import { binary } from './operators.ts'
import { Scope } from './scope.ts'
import { runTest, toleratesUndefined } from './tests.ts'
import {
  asNumber,
  Callable,
  dictOf,
  Float,
  isDict,
  itemsOf,
  type Keywords,
  Namespace,
  required,
  type Strictness,
  textOf,
  truthy,
  typeName,
  Undefined,
} from './values.ts'

/** Steps that one rendering may take. A template that needs more than this hangs a real server too. */
const mostSteps = 1_000_000

/** Characters that one rendering may print; no chat takes a message of this size. */
const mostPrinted = 4_000_000

/**
 * Runs the parser's tree with Python's meaning of values: `True`, `None` and `{'a': 1}` print as
 * StackStorm's users see them, and what is missing is an error or empty as the server has it.
 */
export class Evaluator {
  readonly #strictness: Strictness
  #steps = 0
  #printed = 0

  constructor(strictness: Strictness) {
    this.#strictness = strictness
  }

  /** The text of a block of statements. */
  block(nodes: readonly Node[], scope: Scope): string {
    let text = ''
    for (const node of nodes) text += this.#statement(node, scope)
    return text
  }

  #statement(node: Node, scope: Scope): string {
    switch (node.type) {
      case 'Program':
        return this.block(node.body, scope)
      case 'Comment':
        return ''
      case 'If':
        return this.block(this.#truth(node.test, scope) ? node.body : node.alternate, scope)
      case 'For':
        return this.#loop(node, scope)
      case 'Set':
        this.#assign(
          node.assignee,
          node.value ? this.value(node.value, scope) : this.block(node.body, new Scope(scope)),
          scope,
        )
        return ''
      case 'Macro':
        scope.set(node.name.value, this.#macro(node.args, node.body, scope))
        return ''
      case 'CallStatement': {
        const inner = new Scope(scope)
        inner.set('caller', this.#macro(node.callerArgs ?? [], node.body, scope))
        return this.#print(this.value(node.call, inner))
      }
      case 'FilterStatement': {
        const text = this.block(node.body, new Scope(scope))
        return this.#print(this.#filter(node.filter, text, scope))
      }
      case 'Break':
      case 'Continue':
        throw syntaxFailure(`Encountered unknown tag '${node.type.toLowerCase()}'.`)
      default:
        return this.#print(this.value(node, scope))
    }
  }

  #print(value: unknown): string {
    const text = textOf(value, this.#strictness)
    this.#printed += text.length
    if (this.#printed > mostPrinted) throw otherFailure('the template prints too much')
    return text
  }

  #truth(node: Node, scope: Scope): boolean {
    return truthy(this.value(node, scope), this.#strictness)
  }

  #loop(node: Extract<Node, { type: 'For' }>, scope: Scope): string {
    const { iterable } = node
    const source = iterable.type === 'SelectExpression' ? iterable.lhs : iterable
    let items = itemsOf(this.value(source, scope), this.#strictness)
    if (iterable.type === 'SelectExpression') {
      items = items.filter((item) => {
        const inner = new Scope(scope)
        this.#assign(node.loopvar, item, inner)
        return this.#truth(iterable.test, inner)
      })
    }
    if (items.length === 0) return this.block(node.defaultBlock, new Scope(scope))
    return items.map((item, index) => {
      const inner = new Scope(scope)
      this.#assign(node.loopvar, item, inner)
      inner.set('loop', loopVariable(items, index))
      return this.block(node.body, inner)
    }).join('')
  }

  #assign(target: Node, value: unknown, scope: Scope): void {
    if (target.type === 'Identifier') return scope.set(target.value, value)
    if (target.type === 'TupleLiteral') {
      const items = itemsOf(value, this.#strictness)
      if (items.length !== target.value.length) {
        throw otherFailure(
          items.length > target.value.length
            ? `too many values to unpack (expected ${target.value.length})`
            : `not enough values to unpack (expected ${target.value.length}, got ${items.length})`,
        )
      }
      target.value.forEach((part, index) => this.#assign(part, items[index], scope))
      return
    }
    if (target.type === 'MemberExpression' && target.property.type === 'Identifier') {
      const object = this.value(target.object, scope)
      if (object instanceof Namespace) {
        object.values.set(target.property.value, value)
        return
      }
    }
    throw otherFailure('cannot assign attribute on non-namespace object')
  }

  #macro(parameters: readonly Node[], body: readonly Node[], scope: Scope): Callable {
    return new Callable((args, keywords) => {
      const inner = new Scope(scope)
      parameters.forEach((parameter, index) => {
        const isDefault = parameter.type === 'KeywordArgumentExpression'
        const name = isDefault ? parameter.key.value : (parameter as IdentifierNode).value
        const given = index < args.length ? args[index] : keywords.get(name)
        const otherwise = isDefault ? this.value(parameter.value, inner) : missing(name)
        inner.set(name, given === undefined ? otherwise : given)
      })
      inner.set('varargs', args.slice(parameters.length))
      return this.block(body, inner)
    })
  }

  /** The value of an expression. */
  value(node: Node, scope: Scope): unknown {
    if (++this.#steps > mostSteps) throw otherFailure('the template takes too many steps')
    switch (node.type) {
      case 'StringLiteral':
      case 'IntegerLiteral':
        return node.value
      case 'FloatLiteral':
        return new Float(node.value)
      case 'ArrayLiteral':
      case 'TupleLiteral':
        return node.value.map((item) => this.value(item, scope))
      case 'ObjectLiteral':
        return dictOf(
          [...node.value].map(([key, item]) =>
            [this.#print(this.value(key, scope)), this.value(item, scope)] as const
          ),
        )
      case 'Identifier':
        return scope.has(node.value) ? scope.get(node.value) : missing(node.value)
      case 'MemberExpression':
        return this.#member(node, scope)
      case 'CallExpression':
        return this.#call(node, scope)
      case 'FilterExpression':
        return this.#filter(node.filter, this.value(node.operand, scope), scope)
      case 'TestExpression': {
        const operand = this.value(node.operand, scope)
        if (!toleratesUndefined(node.test.value)) required(operand, this.#strictness)
        return runTest(node.test.value, operand) !== node.negate
      }
      case 'UnaryExpression':
        return this.#unary(node.operator.value, this.value(node.argument, scope))
      case 'BinaryExpression':
        return this.#binary(node, scope)
      case 'Ternary':
        return this.value(
          this.#truth(node.condition, scope) ? node.trueExpr : node.falseExpr,
          scope,
        )
      case 'SelectExpression':
        return this.#truth(node.test, scope) ? this.value(node.lhs, scope) : new Undefined(
          'the inline if-expression evaluated to false and no else section was defined.',
        )
      default:
        throw syntaxFailure(`unexpected '${node.type}'`)
    }
  }

  #binary(node: Extract<Node, { type: 'BinaryExpression' }>, scope: Scope): unknown {
    const left = this.value(node.left, scope)
    const operator = node.operator.value
    if (operator === 'and' || operator === 'or') {
      const settled = truthy(left, this.#strictness) === (operator === 'or')
      return settled ? left : this.value(node.right, scope)
    }
    return binary(operator, left, this.value(node.right, scope), this.#strictness)
  }

  #unary(operator: string, value: unknown): unknown {
    if (operator === 'not') return !truthy(value, this.#strictness)
    const number = asNumber(value)
    if (number === undefined) {
      throw otherFailure(`bad operand type for unary ${operator}: '${typeName(value)}'`)
    }
    const signed = operator === '-' ? -number : number
    return value instanceof Float ? new Float(signed) : signed
  }

  #member(node: Extract<Node, { type: 'MemberExpression' }>, scope: Scope): unknown {
    const object = this.value(node.object, scope)
    if (object instanceof Undefined) throw new TemplateFailure('undefined', object.message)
    const { property } = node
    if (property.type === 'SliceExpression') {
      const bounds = [property.start, property.stop, property.step].map((bound) =>
        bound ? asNumber(this.value(bound, scope)) : undefined
      )
      return slice(object, bounds[0], bounds[1], bounds[2] ?? 1)
    }
    if (!node.computed) {
      const name = String((property as IdentifierNode).value)
      return methodOf(object, name) ?? item(object, name)
    }
    const key = this.value(property, scope)
    const found = item(object, key)
    return found instanceof Undefined && typeof key === 'string'
      ? methodOf(object, key) ?? found
      : found
  }

  #arguments(nodes: readonly Node[], scope: Scope): [unknown[], Keywords] {
    const args: unknown[] = []
    const keywords = new Map<string, unknown>()
    for (const node of nodes) {
      if (node.type === 'KeywordArgumentExpression') {
        keywords.set(node.key.value, this.value(node.value, scope))
      } else if (node.type === 'SpreadExpression') {
        args.push(...itemsOf(this.value(node.argument, scope), this.#strictness))
      } else if (node.type === 'KeywordSpreadExpression') {
        const values = this.value(node.argument, scope)
        if (isDict(values)) {
          for (const [key, one] of Object.entries(values)) keywords.set(key, one)
        }
      } else {
        args.push(this.value(node, scope))
      }
    }
    return [args, keywords]
  }

  #call(node: CallNode, scope: Scope): unknown {
    const callee = this.value(node.callee, scope)
    if (callee instanceof Undefined) throw new TemplateFailure('undefined', callee.message)
    if (!(callee instanceof Callable)) {
      throw otherFailure(`'${typeName(callee)}' object is not callable`)
    }
    const [args, keywords] = this.#arguments(node.args, scope)
    return callee.call(args, keywords)
  }

  #filter(node: IdentifierNode | CallNode, value: unknown, scope: Scope): unknown {
    const [args, keywords] = node.type === 'CallExpression'
      ? this.#arguments(node.args, scope)
      : [[], new Map<string, unknown>()]
    const name = node.type === 'CallExpression' ? (node.callee as IdentifierNode).value : node.value
    const call = (callArgs: readonly unknown[], callKeywords: Keywords): FilterCall => ({
      args: callArgs,
      keywords: callKeywords,
      strictness: this.#strictness,
      attribute: (object, path) =>
        String(path).split('.').reduce(
          (one: unknown, key) =>
            one instanceof Undefined ? one : item(one, /^\d+$/.test(key) ? Number(key) : key),
          object,
        ),
      filter: (other, one, rest) => applyFilter(other, one, call(rest, new Map())),
    })
    return applyFilter(name, value, call(args, keywords))
  }
}
